// deadline: 300 s
/** Small versions of `scripts/drill mqtt-fuzz`: nothing that a stranger can send ends a program, or stays in its memory. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fuzzBroker } from '../../builders/mqtt-fuzz/broker.ts'
import { fuzzClient, fuzzPayloads } from '../../builders/mqtt-fuzz/clients.ts'
import type { Held } from '../../builders/mqtt-fuzz/memory.ts'

const MIB = 1 << 20
/** What the collector leaves differs by some MiB from run to run; the drill, over a million, tells a leak from that. */
const MOST_GROWTH = 24 * MIB

const noGrowth = (memory: Held[]) => {
  assert.is(memory.length, 3)
  const growth = memory[2]!.bytes - memory[1]!.bytes
  assert.ok(growth < MOST_GROWTH, `${(growth / MIB).toFixed(1)} MiB more are held after the second half`)
}

test('fuzzed packets neither end the broker nor hold up an honest device', async () => {
  const { packets, forged, memory } = await fuzzBroker(6_000)
  assert.ok(packets >= 6_000)
  assert.is(forged, 0, 'nobody spoke in the name of the honest device')
  noGrowth(memory)
})

for (const which of ['uplink', 'hub-link'] as const)
  test(`a broker that says rubbish does not end the ${which}`, async () => {
    const { packets, connections, memory } = await fuzzClient(which, 4_000)
    assert.ok(packets >= 4_000 && connections > 1)
    noGrowth(memory)
  })

test('payloads that are none are told as such', () => {
  assert.ok(fuzzPayloads(5_000) < 5_000)
})

test.run()
