/** Two machines that raise under the same numbers, as after the copy of a disk: real MQTT, the hub's real store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EventAcks } from '../../controller/hub/event-acks.ts'
import { incomingEvent } from '../../controller/hub/incoming-event.ts'
import { EventStore } from '../../controller/ports/event-store/event-store.ts'
import type { FleetEvent } from '../../controller/wire/fleet/fleet-event.ts'
import { topicOf } from '../../controller/wire/fleet/topics.ts'
import { startAedes } from '../ports/uplink/brokers.ts'
import { COURT, DEVICE, makeDevice, watch } from '../ports/uplink/device.ts'
import { until } from '../stories/stage/until.ts'

test('what the second machine raised under numbers of the first is heard as well, under others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-doubled-'))
  const broker = await startAedes()
  const hub = await watch(broker.url)
  let unchained = 0
  const store = await EventStore.open({
    folder,
    onKept: (_, done) => {
      unchained += done.unchained.length
      acks.held(done.holdings, 0)
    },
    onFault: (why) => assert.unreachable(`${why}`),
  })
  const acks = new EventAcks((_, ack) => void hub.publish(topicOf(COURT, DEVICE, 'ack'), JSON.stringify(ack)))
  await store.write({ name: 'addDevice', values: [DEVICE, COURT, 'Room 1'] })
  hub.client.on('message', (topic, payload) => {
    if (topic !== topicOf(COURT, DEVICE, 'event')) return
    const incoming = incomingEvent(DEVICE, JSON.parse(payload.toString()) as FleetEvent, payload, 1)
    if (incoming) store.keep(incoming)
  })
  const kept = () =>
    store.read.events(DEVICE, 100).map(({ seq, text }) => `${seq} ${(JSON.parse(text) as FleetEvent).data.word}`)
  const [first, second] = [makeDevice({ url: broker.url }), makeDevice({ url: broker.url, boot: 'boot-2' })]
  try {
    const raise = (one: typeof first, word: string) =>
      one.outbox.raise({ kind: 'hearing-opened', urgent: false, utcMs: 1, data: { word } })
    for (const word of ['a1', 'a2', 'a3']) raise(first, word)
    for (const word of ['b1', 'b2', 'b3', 'b4', 'b5']) raise(second, word)
    first.uplink.start()
    await until('the first has said everything', 20, () => first.outbox.waiting === 0)
    await first.uplink.stop()
    second.uplink.start()
    await until('the second has said everything', 20, () => second.outbox.waiting === 0 && second.outbox.last === 8)
    assert.equal(kept().toReversed(), ['1 a1', '2 a2', '3 a3', '4 b4', '5 b5', '6 b1', '7 b2', '8 b3'])
    assert.is(unchained, 1, 'and the hub knows that there are two')
  } finally {
    await second.uplink.stop()
    await hub.end()
    await store.close()
    await broker.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
