/** Places shown to the hub's witness over a real broker: receipts, silence, and answers to something else. */
import { connectAsync, type MqttClient } from 'mqtt'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../../controller/base/error.ts'
import { receiptIn } from '../../../controller/ports/witness/receipt.ts'
import { MqttWitness } from '../../../controller/recorder/fleet/mqtt-witness.ts'
import { topicOf } from '../../../controller/wire/fleet/topics.ts'
import type { ShownPlace } from '../../../controller/wire/witness.ts'
import { makeKey, placeOf, receiptOf } from '../../builders/signed.ts'
import { startAedes, type TestBroker } from '../../ports/uplink/brokers.ts'
import { COURT, DEVICE, makeDevice } from '../../ports/uplink/device.ts'
import { until } from '../../stories/stage/until.ts'

const device = makeKey()
const key = makeKey()

interface Here {
  broker: TestBroker
  uplink: ReturnType<typeof makeDevice>['uplink']
  hub: MqttClient
  witness: MqttWitness
  shown: ShownPlace[]
}

const test = suite<Here>('mqtt-witness')

const witnessOf = (here: Here, withinMs: number) =>
  new MqttWitness({
    withinMs,
    say: (place) => {
      here.uplink.say('place', place, true)
      return here.uplink.contact.is === 'connected'
    },
  })

test.before.each(async (here) => {
  here.broker = await startAedes()
  here.shown = []
  const { url } = here.broker
  const made = makeDevice({ url, heard: (what, payload) => what === 'receipt' && here.witness.heard(payload) })
  here.uplink = made.uplink
  here.witness = witnessOf(here, 60_000)
  here.hub = await connectAsync(url, { clientId: 'hub', protocolVersion: 4 })
  here.hub.on('message', (_topic, payload) => here.shown.push(JSON.parse(payload.toString('utf8')) as ShownPlace))
  await here.hub.subscribeAsync(topicOf(COURT, DEVICE, 'place'), { qos: 1 })
})
test.after.each(async ({ hub, uplink, broker }) => {
  await hub.endAsync(true)
  await uplink.stop()
  await broker.stop()
})

const answer = ({ hub }: Here, said: object) =>
  hub.publishAsync(topicOf(COURT, DEVICE, 'receipt'), JSON.stringify(said), { qos: 1, retain: true })

const show = ({ witness }: Here, place: ShownPlace, signal = new AbortController().signal) =>
  witness
    .show(place, signal)
    .then((bytes) => receiptIn(bytes, place, key.id).upto)
    .catch(codeOf)

test('a receipt for the place that was shown counts; one for another place is passed over', async (here) => {
  const [before, place] = [placeOf(device, 'a-hearing', 1), placeOf(device, 'a-hearing', 2)]
  // Retained from earlier: it comes with the connection.
  await answer(here, receiptOf(key, before))
  here.uplink.start()
  await until('connected', 10, () => here.uplink.contact.is === 'connected')
  const receipt = show(here, place)
  await until('shown', 10, () => here.shown.some(({ upto }) => upto === 2))
  await answer(here, receiptOf(key, before))
  await answer(here, receiptOf(key, placeOf(device, 'other-hearing', 2)))
  await answer(here, receiptOf(key, place))
  assert.is(await receipt, 2)
})

test('refused is an answer; rubbish is none', async (here) => {
  here.uplink.start()
  await until('connected', 10, () => here.uplink.contact.is === 'connected')
  const refused = show(here, placeOf(device, 'a-hearing', 3))
  await until('shown', 10, () => here.shown.length > 0)
  await answer(here, { is: 'nonsense' })
  await answer(here, { is: 'refused', hearing: 'a-hearing', upto: 3, code: 'rollback', why: 'it knows 9' })
  assert.is(await refused, 'WITNESS_REFUSED')
})

test('nobody is waited for without a connection, after the time, or at the end', async (here) => {
  assert.is(await show(here, placeOf(device, 'a-hearing', 1)), 'NO_ANSWER')
  here.uplink.start()
  await until('connected', 10, () => here.uplink.contact.is === 'connected')
  const stop = new AbortController()
  const stopped = show(here, placeOf(device, 'a-hearing', 2), stop.signal)
  stop.abort()
  assert.is(await stopped, 'NO_ANSWER')
  here.witness = witnessOf(here, 50)
  assert.is(await show(here, placeOf(device, 'a-hearing', 3)), 'NO_ANSWER')
})

test.run()
