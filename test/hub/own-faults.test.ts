import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OwnFaults } from '../../controller/hub/own-faults.ts'
import { HubFault } from '../../controller/wire/console.ts'

const [FIRST, LATER] = [Date.UTC(2026, 10, 28, 9), Date.UTC(2026, 10, 28, 10)]

test('a fault of the hub is told when it begins, when it says something else, and when it ends; nothing else is', () => {
  const told: HubFault[][] = []
  const faults = new OwnFaults()
  faults.onChanged = (all) => told.push(all.map((one) => HubFault.parse(one)))
  faults.hold('BROKER_AWAY', null, FIRST)
  assert.equal(told, [])
  faults.hold('BROKER_AWAY', 'refused', FIRST)
  faults.hold('BROKER_AWAY', 'refused', LATER)
  faults.hold('BROKER_AWAY', 'timed out', LATER)
  faults.hold('EVENTS_UNKEPT', 'ENOSPC', LATER)
  faults.hold('BROKER_AWAY', null, LATER)
  const broker = (detail: string) => ({ code: 'BROKER_AWAY', detail, since: '2026-11-28T09:00:00.000Z' })
  const disk = { code: 'EVENTS_UNKEPT', detail: 'ENOSPC', since: '2026-11-28T10:00:00.000Z' }
  assert.equal(told, [[broker('refused')], [broker('timed out')], [disk, broker('timed out')], [disk]])
})

test('a detail that is too long for the wire is cut', () => {
  const faults = new OwnFaults()
  faults.hold('RIGHTS_UNTOLD', 'x'.repeat(5_000), FIRST)
  assert.is(HubFault.parse(faults.all[0]).detail.length, 1_000)
})

test.run()
