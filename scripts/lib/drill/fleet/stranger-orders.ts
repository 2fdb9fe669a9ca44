/** Orders and dockets that somebody recorded, and says again: the same, later, to another, changed. He has the broker. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DAY_MS, MINUTE_MS, utcText } from '../../../../controller/base/units.ts'
import type { SimulatedRoom } from '../../../../controller/simulator/room.ts'
import type { Order } from '../../../../controller/wire/fleet/order.ts'
import { orderPayload } from '../../../../controller/wire/fleet/signing.ts'
import { type TopicName, topicOf } from '../../../../controller/wire/fleet/topics.ts'
import { makeKey } from '../../../../test/builders/signed.ts'
import { until } from '../../../../test/stories/stage/until.ts'
import type { DrillPlace, Finding } from './drill.ts'
import { homeOf, ObedientDevice } from './obedient-device.ts'
import { finding, type StrangeRegion } from './strange-region.ts'
import { TakenBroker } from './taken-broker.ts'

const [ORDERED, OTHER] = [3, 4]
const WITHIN_S = 30
/** What is not answered at all is not answered within this. */
const SILENT_MS = 1_000

export const replayOrders = async ({ home, say }: DrillPlace, strange: StrangeRegion): Promise<Finding[]> => {
  say('orders that were recorded, and are said again ...')
  const { region } = strange
  const folder = join(home, 'obedient')
  const [room, otherRoom] = [region.rooms[ORDERED]!, region.rooms[OTHER]!]
  const begin = (of: SimulatedRoom): Promise<ObedientDevice> =>
    ObedientDevice.start({
      ...{ room: of, membership: region.memberships[of.device]!, home: homeOf(folder, of) },
      ...{ url: `mqtts://localhost:${region.mqttPort}`, operatorKey: region.hub.addresses.operator },
    })
  let device = await begin(room)
  await until('it is connected', WITHIN_S, () => device.isConnected)
  const about = { court: room.court.id, device: room.device }
  await region.console.ask('order', about, { op: 'identify' })
  await until('it is done', WITHIN_S, () => device.done.length === 1)
  const day = utcText(Date.now()).slice(0, 10)
  const give = async (number: number): Promise<Buffer> => {
    const hearing = {
      case: `2-${number}`,
      startsAt: utcText(Date.now() + DAY_MS),
      endsAt: utcText(Date.now() + 2 * DAY_MS),
    }
    await until('its birth is known', WITHIN_S, () =>
      region.console.ask('docket', about, { docket: { day, hearings: [hearing] } }).then(
        () => true,
        () => false,
      ),
    )
    await until('it has the docket', WITHIN_S, () => device.dockets.length === number)
    return device.heard.findLast(({ what }) => what === 'docket')!.payload
  }
  const oldDocket = await give(1)
  await give(2)
  const recorded = device.heard.find(({ what }) => what === 'order')!.payload
  const order = JSON.parse(recorded.toString()) as Order

  // He takes the broker of the region: same address, same papers.
  await region.hub.stop()
  const taken = await TakenBroker.start(region, region.mqttPort)
  const reached = (one: ObedientDevice) => until('it comes to the taken broker', WITHIN_S, () => one.isConnected)
  await until('it has left', WITHIN_S, () => !device.isConnected)
  await reached(device)
  /** The code of the answer, or silence; and whether anything was done. */
  const said = async (
    one: ObedientDevice,
    payload: string | Buffer,
    name: TopicName = 'order',
    to = room,
  ): Promise<string> => {
    const [answers, done] = [one.results.length, one.done.length]
    const heard = one.heard.length
    await taken.say(topicOf(to.court.id, to.device, name), payload)
    await until('it has heard it', WITHIN_S, () => one.heard.length > heard)
    await Promise.race([
      until('an answer', WITHIN_S, () => one.results.length > answers).catch(() => {}),
      delay(SILENT_MS),
    ])
    const code = one.results.length > answers ? one.results.at(-1)!.code : 'silence'
    return one.done.length > done ? `${code}, and does it` : code
  }
  const changed = (change: Partial<Order>): string => JSON.stringify({ ...order, ...change })
  const fresh = { ...order, id: `${order.id.slice(0, -1)}_` }
  const stranger = makeKey()
  const findings = [
    finding('the same order again', 'done', await said(device, recorded)),
    finding('with another id', 'unsigned', await said(device, changed({ id: fresh.id }))),
    finding('with another operation', 'unsigned', await said(device, changed({ id: fresh.id, op: 'reboot' }))),
    finding('with a later end', 'unsigned', await said(device, changed({ expires: utcText(Date.now() + DAY_MS) }))),
    finding(
      'signed by somebody else',
      'unsigned',
      await said(device, JSON.stringify({ ...fresh, sig: stranger.sign(orderPayload(fresh)) })),
    ),
    finding(
      'an operation that is not on the list',
      'unknown',
      await said(device, JSON.stringify({ ...fresh, op: 'erase' })),
    ),
    finding('the true one after all of these', 'done', await said(device, recorded)),
  ]
  await device.stop()
  device = await begin(room)
  await reached(device)
  findings.push(finding('the same after a restart of the device', 'done', await said(device, recorded)))
  device.aheadMs = 11 * MINUTE_MS
  findings.push(finding('after its time', 'done', await said(device, recorded)))
  await device.stop()
  // What it has done is remembered for a day after its time; then nothing but the time speaks.
  for (const file of readdirSync(homeOf(folder, room)))
    if (file.startsWith('orders.json')) rmSync(join(homeOf(folder, room), file))
  device = await begin(room)
  await reached(device)
  device.aheadMs = 3 * DAY_MS
  findings.push(finding('days after, and the device has forgotten it', 'expired', await said(device, recorded)))
  device.aheadMs = 0
  const other = await begin(otherRoom)
  await reached(other)
  findings.push(
    finding('to another device', 'silence', await said(other, recorded, 'order', otherRoom)),
    finding(
      'to another device, made out to it',
      'unsigned',
      await said(other, changed({ device: otherRoom.device }), 'order', otherRoom),
    ),
    finding('an older docket', 'silence', await said(device, oldDocket, 'docket')),
    finding("another's docket", 'silence', await said(other, oldDocket, 'docket', otherRoom)),
    finding('dockets that were taken of these', '0, 0', `${device.dockets.length}, ${other.dockets.length}`),
    finding('operations that were carried out in all that', '0, 0', `${device.done.length}, ${other.done.length}`),
  )
  await device.stop()
  await other.stop()
  await taken.stop()
  await region.hub.start()
  await region.look()
  return findings
}
