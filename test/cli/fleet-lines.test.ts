/** How a recorder stands with its fleet, on the screen: the code stands there, and only while it is needed. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fleetLines } from '../../controller/cli/status-screen.ts'
import type { FleetStatus } from '../../controller/wire/clerk.ts'

const CODE = '7K2M-9QXT-4BVD'
const status = (over: Partial<FleetStatus>): string =>
  fleetLines({
    ...{ is: 'enrolled', device: 'vb-aaaaaaaaaaaaaaaa', court: 'almaty', code: '', hub: 'mqtts://hub:8883' },
    ...{ reached: true, since: '2026-11-28T09:00:00.000Z', why: '', waiting: 0, config: 'the local one' },
    certificateExpires: '2027-11-28T09:00:00.000Z',
    ...over,
  }).join('\n')

test('asking: the code, and how asking goes', () => {
  assert.match(status({ is: 'asking', code: CODE }), `type the code ${CODE} into the console`)
  assert.match(status({ is: 'refused', code: CODE, why: 'a stranger answers' }), 'REFUSED: a stranger answers')
})

test('taken out, or expired: a new code, why, and what is kept', () => {
  const why = 'the hub says that its certificate was revoked (Connection refused)'
  const out = status({ is: 'revoked', code: CODE, reached: false, why, waiting: 17 })
  for (const part of ['TAKEN OUT of the fleet', CODE, why, '17 are kept for the hub']) assert.match(out, part)
  assert.match(status({ is: 'expired', code: CODE, reached: false, why }), 'CERTIFICATE EXPIRED')
})

test('enrolled: no code', () => {
  assert.not.match(status({}), 'code')
  assert.match(status({ reached: false, why: 'no route' }), 'NOT REACHED since 2026-11-28T09:00:00.000Z: no route')
})

test.run()
