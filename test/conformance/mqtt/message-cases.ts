import type { IPublishPacket } from 'mqtt-packet'
import { MAX_PACKET_BYTES, TOPICS } from '../../../controller/wire/fleet/topics.ts'
import { type Case, TREE_OF_DEVICES } from './case.ts'
import type { RawClient } from './raw-client.ts'
import { COURT } from './region.ts'
import { DEVICE, own, type Scene } from './scene.ts'

const DOWN = `verbatim/v1/${COURT}/${DEVICE}/down/#`

const will = (payload: string, retain = false) => ({
  will: { topic: own('presence'), payload: Buffer.from(payload), qos: 1 as const, retain },
})

/** Empties what was retained, whoever says it. */
const clear = async (hub: RawClient, ...topics: string[]): Promise<void> => {
  for (const topic of topics) await hub.publish(topic, '', { retain: true })
}

const text = ({ payload, retain }: IPublishPacket): string => `${payload.toString()}${retain ? ' retained' : ''}`

/** What the hub hears of the device before a word that the device says at the end. */
const afterwards = async (scene: Scene, hub: RawClient, device: RawClient): Promise<string> => {
  const word = scene.word()
  await device.publish(own('event'), word)
  return (await hub.heardUntil(word)).map(text).join(', ') || 'nothing'
}

const willCase = (what: string, wanted: string, end: (device: RawClient, scene: Scene) => Promise<void>): Case => ({
  ...{ what, clause: '3.1.2.5', wanted },
  see: async (scene) => {
    const hub = await scene.hub({}, own('presence'), own('event'))
    const word = scene.word()
    const device = await scene.device({ ...will(word), keepalive: 2 })
    await end(device, scene)
    if (wanted === 'the will') return (await hub.next('publish'))?.payload.toString() === word ? 'the will' : 'another'
    return afterwards(scene, hub, await scene.device())
  },
})

const delivered = (said: 0 | 1, wanted: 0 | 1): Case => ({
  ...{
    what: `said at QoS ${said}, wanted at ${wanted}`,
    clause: '3.8.4',
    wanted: `heard at ${Math.min(said, wanted)}`,
  },
  see: async (scene) => {
    const hub = await scene.hub()
    await hub.subscribe(wanted, own('event'))
    const device = await scene.device()
    await device.publish(own('event'), scene.word(), { qos: said })
    return `heard at ${(await hub.next('publish'))?.qos}`
  },
})

export const MESSAGE_CASES: Case[] = [
  willCase('the network ends', 'the will', (device) => device.drop()),
  willCase('a device that falls silent', 'the will', (device) => device.closed()),
  willCase('a packet that is none', 'the will', async (device) => device.bytes(0x30, 0xff, 0xff, 0xff, 0xff, 0x01)),
  {
    ...{ what: 'another connection with its client id', clause: '3.1.4', wanted: 'the will' },
    see: async (scene) => {
      const hub = await scene.hub({}, own('presence'), own('event'))
      const word = scene.word()
      const first = await scene.device(will(word))
      const second = await scene.device()
      await first.closed()
      const heard: string[] = []
      for (let i = 0; i < 20; i++) heard.push(await afterwards(scene, hub, second))
      return heard.includes(word) ? 'the will' : 'nothing'
    },
    otherwise: { nats: 'nothing' },
  },
  willCase('DISCONNECT', 'nothing', (device) => device.leave()),
  {
    ...{ what: 'a will that is retained', clause: '3.1.2.7', wanted: 'lost retained' },
    see: async (scene) => {
      const device = await scene.device(will('lost', true))
      const watching = await scene.hub({}, own('presence'))
      await device.drop()
      while ((await watching.next('publish'))?.payload.toString() !== 'lost');
      await watching.leave()
      const hub = await scene.hub({}, own('presence'))
      const seen = text((await hub.next('publish'))!)
      await clear(hub, own('presence'))
      return seen
    },
  },
  {
    ...{ what: 'retained: for whoever comes later', clause: '3.3.1.3', wanted: 'two retained' },
    see: async (scene) => {
      const device = await scene.device()
      await device.publish(own('state'), 'one', { retain: true })
      await device.publish(own('state'), 'two', { retain: true })
      const hub = await scene.hub({}, own('state'))
      const seen = text((await hub.next('publish'))!)
      await clear(hub, own('state'))
      return seen
    },
  },
  {
    ...{ what: 'retained: for whoever is there', clause: '3.3.1.3', wanted: 'one' },
    see: async (scene) => {
      const hub = await scene.hub({}, own('state'))
      const device = await scene.device()
      await device.publish(own('state'), 'one', { retain: true })
      const seen = text((await hub.next('publish'))!)
      await clear(hub, own('state'))
      return seen
    },
  },
  {
    ...{ what: 'the empty message: for whoever is there', clause: '3.3.1.3', wanted: 'one,' },
    see: async (scene) => {
      const hub = await scene.hub({}, own('alarm', 'X'))
      const device = await scene.device()
      await device.publish(own('alarm', 'X'), 'one', { retain: true })
      await device.publish(own('alarm', 'X'), '', { retain: true })
      return [text((await hub.next('publish'))!), text((await hub.next('publish'))!)].join(',')
    },
  },
  {
    ...{ what: 'the empty message: for whoever comes later', clause: '3.3.1.3', wanted: 'nothing' },
    see: async (scene) => {
      const device = await scene.device()
      await device.publish(own('alarm', 'X'), 'one', { retain: true })
      await device.publish(own('alarm', 'X'), '', { retain: true })
      const hub = await scene.hub({}, own('alarm', '+'), own('event'))
      return afterwards(scene, hub, device)
    },
  },
  {
    ...{ what: 'not retained: for whoever comes later', clause: '3.3.1.3', wanted: 'nothing' },
    see: async (scene) => {
      const device = await scene.device()
      await device.publish(own('metrics'), 'one', { qos: 1 })
      const hub = await scene.hub({}, own('metrics'), own('event'))
      return afterwards(scene, hub, device)
    },
  },
  {
    ...{ what: 'retained: by wildcards', clause: '4.7.1', wanted: 'up/alarm/A up/alarm/B up/birth' },
    see: async (scene) => {
      const device = await scene.device()
      const topics = [own('birth'), own('alarm', 'A'), own('alarm', 'B')]
      for (const topic of topics) await device.publish(topic, 'x', { retain: true })
      const hub = await scene.hub({}, TREE_OF_DEVICES)
      const seen: string[] = []
      for (const _ of topics) seen.push((await hub.next('publish'))!.topic.split('/').slice(4).join('/'))
      await clear(hub, ...topics)
      return seen.sort().join(' ')
    },
  },
  {
    ...{ what: 'wildcards', clause: '4.7.1', wanted: 'up/cmd/res/some-order, up/event' },
    see: async (scene) => {
      const hub = await scene.hub({}, TREE_OF_DEVICES)
      const device = await scene.device()
      await hub.publish(own('order'), 'x')
      await device.publish(own('result', 'some-order'), 'x')
      await device.publish(own('event'), 'x')
      const heard = [await hub.next('publish'), await hub.next('publish')]
      return heard.map((one) => one!.topic.split('/').slice(4).join('/')).join(', ')
    },
  },
  {
    ...{ what: '`#` is also the level before it', clause: '4.7.1', wanted: 'heard' },
    see: async (scene) => {
      const hub = await scene.hub({}, `${own('event')}/#`)
      const device = await scene.device()
      await device.publish(own('event'), 'x')
      return (await hub.next('publish')) ? 'heard' : 'closed'
    },
  },
  {
    ...{ what: '`+` is one level', clause: '4.7.1', wanted: 'word' },
    see: async (scene) => {
      const hub = await scene.hub({}, `verbatim/v1/${COURT}/${DEVICE}/+`, own('event'))
      const device = await scene.device()
      await device.publish(own('state'), 'x')
      await device.publish(own('event'), 'word')
      return text((await hub.next('publish'))!)
    },
  },
  {
    ...{ what: 'two filters that match', clause: '3.3.5', wanted: 'heard' },
    see: async (scene) => {
      const hub = await scene.hub({}, own('event'), TREE_OF_DEVICES)
      const device = await scene.device()
      await device.publish(own('event'), 'x')
      return (await hub.next('publish')) ? 'heard' : 'closed'
    },
  },
  delivered(0, 0),
  delivered(0, 1),
  delivered(1, 0),
  delivered(1, 1),
  {
    ...{ what: 'seven filters in one SUBSCRIBE', clause: '3.9.3', wanted: '1111111' },
    see: async (scene) => {
      const names = ['ack', 'receipt', 'desired', 'order', 'docket', 'certificate', 'presence'] as const
      return (await (await scene.device()).subscribe(1, ...names.map((name) => own(name))))?.join('') ?? 'closed'
    },
  },
  {
    ...{ what: 'three hundred messages of QoS 1', clause: '4.6', wanted: 'all, in order' },
    see: async (scene) => {
      const hub = await scene.hub({}, own('event'))
      const device = await scene.device()
      const all = Array.from({ length: 300 }, (_, i) => String(i))
      for (const word of all) await device.publish(own('event'), word)
      await device.publish(own('event'), 'end')
      const heard = (await hub.heardUntil('end')).map(({ payload }) => payload.toString())
      return heard.join() === all.join() ? 'all, in order' : `${heard.length}, or in another order`
    },
  },
  {
    ...{ what: 'a kept session, while nobody was there', clause: '3.1.2.4', wanted: 'a session, and the message' },
    see: async (scene) => {
      const away = await scene.hub({ clean: false }, own('event'))
      await away.leave()
      const device = await scene.device()
      const word = scene.word()
      await device.publish(own('event'), word)
      const hub = await kept(scene, false)
      const heard = hub.present ? (await hub.client.next('publish'))?.payload.toString() : ''
      await forget(scene, hub.client)
      return `${hub.present ? 'a' : 'no'} session, and ${heard === word ? 'the' : 'no'} message`
    },
    otherwise: { embedded: 'no session, and no message' },
  },
  {
    ...{ what: 'a message that was not acknowledged', clause: '4.4', wanted: 'again, as a duplicate' },
    see: async (scene) => {
      const first = await scene.hub({ clean: false }, own('event'))
      first.acknowledges = false
      const device = await scene.device()
      await device.publish(own('event'), scene.word())
      await first.next('publish')
      await first.drop()
      const hub = await kept(scene, false)
      const again = hub.present ? await hub.client.next('publish') : null
      await forget(scene, hub.client)
      return again ? `again${again.dup ? ', as a duplicate' : ''}` : 'not again'
    },
    otherwise: { embedded: 'not again' },
  },
  {
    ...{ what: 'a clean session ends the one that was kept', clause: '3.1.2.4', wanted: 'no session' },
    see: async (scene) => {
      await (await scene.hub({ clean: false }, own('event'))).leave()
      await (await scene.hub({ clean: true })).leave()
      const { client, present } = await kept(scene, false)
      await forget(scene, client)
      return present ? 'a session' : 'no session'
    },
  },
  {
    ...{ what: 'a duplicate from a device', clause: '3.3.1.1', wanted: 'acknowledged twice' },
    see: async (scene) => {
      const device = await scene.device()
      const word = scene.word()
      const once = await device.publish(own('event'), word, { messageId: 7 })
      const twice = await device.publish(own('event'), word, { messageId: 7, dup: true })
      return once && twice ? 'acknowledged twice' : 'closed'
    },
  },
  {
    ...{ what: 'the longest message of the table', clause: '', wanted: 'heard whole' },
    see: async (scene) => {
      const device = await scene.device()
      await device.subscribe(1, DOWN)
      const hub = await scene.hub()
      await hub.publish(own('docket'), 'x'.repeat(TOPICS.docket.maxBytes))
      return (await device.next('publish'))?.payload.length === TOPICS.docket.maxBytes ? 'heard whole' : 'cut'
    },
  },
  {
    ...{ what: 'a packet that is longer than anything in the table', clause: '', wanted: 'closed' },
    see: async (scene) => {
      const device = await scene.device()
      const sent = await device.publish(own('event'), Buffer.alloc(MAX_PACKET_BYTES + 1_000))
      return sent ? 'taken' : 'closed'
    },
    otherwise: { nats: 'taken' },
  },
  {
    ...{ what: 'a message that is longer than its topic may have', clause: '', wanted: 'not heard' },
    see: async (scene) => {
      const hub = await scene.hub({}, TREE_OF_DEVICES)
      const device = await scene.device()
      await device.publish(own('presence'), Buffer.alloc(TOPICS.presence.maxBytes + 1))
      return (await scene.hubHeard(hub)).length ? 'heard' : 'not heard'
    },
    otherwise: { mosquitto: 'heard', nats: 'heard' },
  },
  {
    ...{ what: 'QoS 2, which nobody uses', clause: '4.3.3', wanted: 'PUBREC' },
    see: async (scene) => {
      const device = await scene.device()
      await device.publish(own('event'), 'x', { qos: 2, messageId: 9 })
      return (await device.next('pubrec')) ? 'PUBREC' : 'closed'
    },
    otherwise: { nats: 'closed' },
  },
]

const kept = async (scene: Scene, clean: boolean): Promise<{ client: RawClient; present: boolean }> => {
  const client = await scene.bareHub()
  const connack = await client.connect({ clientId: 'hub', clean })
  return { client, present: connack?.sessionPresent ?? false }
}

/** Nothing of it is left for the next case. */
const forget = async (scene: Scene, client: RawClient): Promise<void> => {
  await client.leave()
  await (await scene.hub({ clean: true })).leave()
}
