// deadline: 300 s
/** Small versions of `scripts/drill mqtt-fuzz`: nothing that a stranger can send ends a program, or stays in its memory. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fuzzBroker } from '../../builders/mqtt-fuzz/broker.ts'
import { fuzzClient, fuzzPayloads } from '../../builders/mqtt-fuzz/clients.ts'

const MIB = 1 << 20
/** What the collector leaves differs by some MiB from run to run; the drill, over a million, tells a leak from that. */
const MOST_GROWTH = 24 * MIB

const noGrowth = ([half, all]: [number, number]) =>
  assert.ok(all - half < MOST_GROWTH, `${((all - half) / MIB).toFixed(1)} MiB more are held after the second half`)

test('fuzzed packets neither end the broker nor hold up an honest device', async () => {
  const { packets, forged, heldBytes } = await fuzzBroker(6_000)
  assert.ok(packets >= 6_000)
  assert.is(forged, 0, 'nobody spoke in the name of the honest device')
  noGrowth(heldBytes)
})

for (const which of ['uplink', 'hub-link'] as const)
  test(`a broker that says rubbish does not end the ${which}`, async () => {
    const { packets, connections, heldBytes } = await fuzzClient(which, 4_000)
    assert.ok(packets >= 4_000 && connections > 1)
    noGrowth(heldBytes)
  })

test('payloads that are none are told as such', () => {
  assert.ok(fuzzPayloads(5_000) < 5_000)
})

test.run()
