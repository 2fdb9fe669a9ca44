/** What a device that was let in can hear and say that is not its own, at a hub that lives. */
import { setTimeout as delay } from 'node:timers/promises'
import { utcText } from '../../../../controller/base/units.ts'
import type { FleetEvent } from '../../../../controller/wire/fleet/fleet-event.ts'
import { type TopicName, topicOf } from '../../../../controller/wire/fleet/topics.ts'
import type { RawClient } from '../../../../test/conformance/mqtt/raw-client.ts'
import type { DrillPlace, Finding } from './drill.ts'
import { finding, type StrangeRegion } from './strange-region.ts'

const [MINE, OTHER] = [0, 1]
const SECRET = 'secret'
/** So long something forged would have had time to be heard, after a true word of the same connection was. */
const GRACE_MS = 1_000

const eventOf = (court: string, device: string, seq: number, text: string): string => {
  const event: FleetEvent = {
    ...{ specversion: '1.0', id: `${device}/${seq}`, source: `/verbatim/${court}/${device}` },
    ...{ type: 'verbatim.went-on-record.v1', time: utcText(Date.now()), datacontenttype: 'application/json' },
    ...{ seq, prev: null, boot: 'drill', urgent: false, data: { text } },
  }
  return JSON.stringify(event)
}

export const useTopics = async ({ say }: DrillPlace, strange: StrangeRegion): Promise<Finding[]> => {
  say('what is not its own ...')
  const { region } = strange
  const [mine, other] = [region.rooms[MINE]!, region.rooms[OTHER]!]
  const own = (name: TopicName, last?: string) => topicOf(mine.court.id, mine.device, name, last)
  const others = (name: TopicName, last?: string) => topicOf(other.court.id, other.device, name, last)
  const ear = await region.listen()
  const victim = await strange.device(OTHER)

  const filters = [
    ...['#', '+/#', 'verbatim/#', 'verbatim/v1/#', 'verbatim/v1/+/+/down/#', 'verbatim/v1/+/+/up/event', '$SYS/#'],
    ...[`verbatim/v1/${other.court.id}/#`, others('order'), others('state'), others('ack'), others('receipt')],
    ...[`verbatim/v1/+/${mine.device}/down/#`, 'homeassistant/#'],
  ]
  const listener = await strange.device(MINE)
  const granted: string[] = []
  for (const filter of filters)
    if ((await listener.subscribe(1, filter))?.every((qos) => qos < 0x80)) granted.push(filter)
  await listener.subscribe(1, own('ack'))
  await victim.publish(others('state'), SECRET, { retain: true })
  await victim.publish(others('event'), eventOf(other.court.id, other.device, 1, SECRET))
  // The hub acknowledges that one to its device, and then the listener's own.
  await listener.publish(own('event'), eventOf(mine.court.id, mine.device, 1, 'own'))
  const heard = await heardOf(listener, own('ack'))
  await listener.leave()

  const says: [string, string, boolean][] = [
    [others('event'), eventOf(other.court.id, other.device, 2, 'forged'), false],
    [others('state'), 'forged', true],
    [others('presence'), 'forged', true],
    [others('alarm', 'FORGED'), 'forged', true],
    [others('order'), 'forged', false],
    [others('ack'), '{"upto":999999,"ahead":[]}forged', true],
    [own('order'), 'forged', false],
    [own('ack'), '{"upto":999999,"ahead":[]}forged', true],
    [own('receipt'), 'forged', true],
    [own('event').replace(mine.court.id, 'other-court'), 'forged', false],
    ['verbatim/v1/fleet', 'forged', true],
    ['homeassistant/device/forged/config', 'forged', true],
    ['$SYS/broker/forged', 'forged', false],
    // Its own topic, and another's name inside.
    [own('event'), eventOf(other.court.id, other.device, 3, 'inside'), false],
  ]
  for (const [topic, payload, retain] of says) {
    const liar = await strange.device(MINE)
    await liar.publish(topic, payload, { retain }).catch(() => false)
    await liar.drop()
  }
  const willing = await strange.open(strange.filesOf(MINE))
  const will = { topic: others('presence'), payload: Buffer.from('forged'), qos: 1 as const, retain: true }
  await willing.connect({ clientId: mine.device, will }).catch(() => null)
  await willing.drop()
  await victim.publish(others('event'), eventOf(other.court.id, other.device, 2, 'true'))
  await delay(GRACE_MS)
  const forged = ear.heard.filter(({ text }) => text.endsWith('forged')).map(({ name }) => name)
  const kept = region.kept().get(other.device) ?? []
  const { row, events, alarms } = await region.detail(other)
  const stays = (await victim.ping()) ? 'connected' : 'closed'
  await victim.leave()
  await ear.end()
  return [
    finding(`wide subscriptions that are granted, of ${filters.length}`, '0', `${granted.length}`),
    finding('what it hears that is not its own', 'nothing', heard.join(', ') || 'nothing'),
    finding(`of ${says.length - 1} forged words and a forged will, heard by others`, '0', `${forged.length}`),
    finding(
      "the other's events at the hub, and those that contradict",
      '2 (true, secret), 0',
      `${kept.filter(({ isFirst }) => isFirst).length} (${events.map(({ data }) => data.text).join(', ')}), ${kept.filter(({ isFirst }) => !isFirst).length}`,
    ),
    finding(
      'the other meanwhile: its connection; alarms in the console',
      'connected; none',
      `${stays}; ${alarms.map(({ alarm }) => alarm.code).join(', ') || 'none'}`,
    ),
    finding('the other in the console, called lost by the forger', 'online', row.presence),
  ]
}

/** What it heard up to this topic, of other topics. */
const heardOf = async (client: RawClient, last: string): Promise<string[]> => {
  const topics: string[] = []
  for (;;) {
    const packet = await client.next('publish')
    if (!packet || packet.topic === last) return topics
    topics.push(packet.topic)
  }
}
