import { type Case, TREE_OF_DEVICES } from './case.ts'
import { COURT, READER } from './region.ts'
import { DEVICE, OTHER, others, own, type Scene, THIRD } from './scene.ts'

/** A device says something that it may not say; does anybody hear it? */
const says = (what: string, topic: string, retain = false): Case => ({
  ...{ what: `says ${what}`, clause: '', wanted: 'nobody hears it' },
  see: async (scene) => {
    const hub = await scene.hub({}, 'verbatim/#', topic)
    const device = await scene.device()
    await device.subscribe(1, own('receipt'), own('order'))
    await device.publish(topic, 'forged', { retain })
    const heard = (await scene.hubHeard(hub)).filter((line) => line.endsWith('forged'))
    return heard.length ? 'it is heard' : 'nobody hears it'
  },
})

/** A device wants to hear what is not its own; does it? */
const hears = (what: string, filter: string): Case => ({
  ...{ what: `wants to hear ${what}`, clause: '', wanted: 'hears nothing' },
  see: async (scene) => {
    const hub = await scene.hub({}, own('event'))
    const other = await scene.device({}, OTHER)
    await other.publish(others('state'), 'secret', { retain: true })
    let device = await scene.device()
    await device.subscribe(1, filter)
    // Some brokers end the connection; the device comes again, and may still hear its own.
    if (!(await device.ping())) device = await scene.device()
    await hub.publish(others('order'), 'secret')
    await hub.publish(others('ack'), 'secret', { retain: true })
    await other.publish(others('event'), 'secret')
    await device.subscribe(1, own('order'))
    const word = scene.word()
    await hub.publish(own('order'), word)
    const heard = (await device.heardUntil(word)).filter(({ payload }) => payload.includes('secret'))
    await hub.publish(others('ack'), '', { retain: true })
    await hub.publish(others('state'), '', { retain: true })
    return heard.length
      ? `hears ${heard.map(({ topic }) => topic.split('/').slice(4).join('/')).join(', ')}`
      : 'hears nothing'
  },
})

/** A tool of IT wants something that has what names a case in it: does it hear that, kept or as it is said? */
const readerHears = (what: string, qos: 0 | 1, filter: string): Case => ({
  ...{ what: `a reader: wants ${what}; hears of cases`, clause: '', wanted: 'nothing' },
  see: async (scene) => {
    const device = await scene.device()
    const hub = await scene.hub({}, own('event'))
    const names = ['place', 'receipt', 'docket'] as const
    const say = async (word: string, retain: boolean) => {
      await device.publish(own('place'), word, { retain })
      for (const name of names.slice(1)) await hub.publish(own(name), word, { retain })
    }
    await say('case-kept', true)
    const come = async () => {
      const reader = await scene.strange(await scene.region.authority.issueReader(READER.slice('reader-'.length)))
      await reader.connect({ clientId: READER })
      return reader
    }
    let reader = await come()
    await reader.subscribe(qos, filter)
    // Some brokers end the connection for a filter that is refused.
    if (!(await reader.ping())) reader = await come()
    await say('case-said', false)
    await reader.subscribe(1, own('state'))
    const word = scene.word()
    await device.publish(own('state'), word)
    const heard = (await reader.heardUntil(word)).filter(({ payload }) => payload.includes('case'))
    for (const name of names) await hub.publish(own(name), '', { retain: true })
    return heard.length ? heard.map(({ topic }) => topic.split('/').slice(4).join('/')).join(', ') : 'nothing'
  },
})

const refusedAs = async (scene: Scene, files: Parameters<Scene['region']['open']>[0]): Promise<string> => {
  const client = await scene.strange(files)
  const connack = await client.connect({ clientId: DEVICE })
  return connack?.returnCode === 0 ? 'accepted' : 'refused'
}

export const RIGHTS_CASES: Case[] = [
  says("another device's state", others('state'), true),
  says("another device's presence", others('presence'), true),
  says('its own state in another court', `verbatim/v1/other-court/${DEVICE}/up/state`, true),
  says('a receipt of the witness', own('receipt'), true),
  says('an order that it heard, again', own('order')),
  says('an order to another device', others('order')),
  says('an acknowledgement of events', own('ack'), true),
  says('what is not in the table', `verbatim/v1/${COURT}/${DEVICE}/up/else`),
  says('something at the root', 'verbatim'),
  says('something of the broker', '$SYS/broker/verbatim'),
  says('something inside NATS', '$JS/API/STREAM/LIST'),
  hears('everything', '#'),
  hears('all trees', '+/#'),
  hears('the fleet', 'verbatim/v1/#'),
  hears('its court', `verbatim/v1/${COURT}/#`),
  hears('what is said to devices of its court', `verbatim/v1/${COURT}/+/down/#`),
  hears('any order', 'verbatim/v1/+/+/down/cmd'),
  hears("another device's orders", others('order')),
  hears("another device's state", others('state')),
  hears('what the broker says of itself', '$SYS/#'),
  hears('the insides of NATS', '$MQTT/#'),
  hears('what NATS delivers to others', '$MQTT/sub/#'),
  hears('what NATS retains', '$MQTT/rmsgs/#'),
  hears('JetStream', '$JS/#'),
  {
    ...{ what: 'leaves a will for another device', clause: '', wanted: 'nobody hears it' },
    see: async (scene) => {
      const hub = await scene.hub({}, TREE_OF_DEVICES)
      const will = { topic: others('presence'), payload: Buffer.from('forged'), qos: 1 as const, retain: true }
      const device = await scene.bare()
      await device.connect({ clientId: DEVICE, will })
      await device.drop()
      const heard = (await scene.hubHeard(hub)).filter((line) => line.endsWith('forged'))
      return heard.length ? 'it is heard' : 'nobody hears it'
    },
  },
  {
    ...{ what: "takes another device's client id", clause: '', wanted: 'the other stays' },
    see: async (scene) => {
      const other = await scene.device({}, OTHER)
      const device = await scene.bare()
      await device.connect({ clientId: OTHER })
      const stays = await other.ping()
      return stays ? 'the other stays' : 'the other is closed'
    },
    otherwise: { nats: 'the other is closed' },
  },
  {
    ...{ what: 'has no certificate', clause: '', wanted: 'refused' },
    see: (scene) => refusedAs(scene, {}),
  },
  {
    ...{ what: 'has a certificate of another authority', clause: '', wanted: 'refused' },
    see: async (scene) => refusedAs(scene, await scene.forged(DEVICE)),
  },
  {
    ...{ what: 'has a certificate of ours that is in no register', clause: '', wanted: 'refused' },
    see: async (scene) => refusedAs(scene, await scene.region.authority.issueReader('nobody')),
    otherwise: { mosquitto: 'accepted' },
  },
  {
    ...{ what: 'has ended by its date', clause: '', wanted: 'refused' },
    see: async (scene) => refusedAs(scene, await scene.expired(DEVICE)),
  },
  {
    ...{ what: 'a reader: hears the state of every room', clause: '', wanted: 'hears it' },
    see: async (scene) => {
      const reader = await scene.strange(await scene.region.authority.issueReader(READER.slice('reader-'.length)))
      await reader.connect({ clientId: READER })
      await reader.subscribe(1, 'verbatim/v1/+/+/up/state')
      const device = await scene.device()
      await device.publish(own('state'), 'x')
      return (await reader.next('publish')) ? 'hears it' : 'closed'
    },
  },
  {
    ...{ what: 'a reader: asks for the whole tree', clause: '', wanted: 'may' },
    see: async (scene) => {
      const reader = await scene.strange(await scene.region.authority.issueReader(READER.slice('reader-'.length)))
      await reader.connect({ clientId: READER })
      return (await reader.subscribe(1, 'verbatim/v1/#'))?.[0] === 1 ? 'may' : 'may not'
    },
    otherwise: { nats: 'may not' },
  },
  readerHears('the fleet, at QoS 1', 1, 'verbatim/v1/#'),
  readerHears('the fleet, at QoS 0', 0, 'verbatim/v1/#'),
  readerHears('one court', 1, `verbatim/v1/${COURT}/#`),
  readerHears('what devices say', 1, 'verbatim/v1/+/+/up/#'),
  readerHears('what is shown to the witness', 1, 'verbatim/v1/+/+/up/witness'),
  readerHears('what the witness says', 1, own('receipt')),
  readerHears('every last level', 1, 'verbatim/v1/+/+/+/+'),
  {
    ...{ what: 'a reader: says something', clause: '', wanted: 'nobody hears it' },
    see: async (scene) => {
      const hub = await scene.hub({}, 'verbatim/#')
      const reader = await scene.strange(await scene.region.authority.issueReader(READER.slice('reader-'.length)))
      await reader.connect({ clientId: READER })
      await reader.publish(own('order'), 'forged')
      const heard = (await scene.hubHeard(hub)).filter((line) => line.endsWith('forged'))
      return heard.length ? 'it is heard' : 'nobody hears it'
    },
  },
  {
    ...{ what: 'revoked while connected', clause: '', wanted: 'closed; says nothing; may not come again' },
    see: async (scene) => {
      const hub = await scene.hub({}, TREE_OF_DEVICES)
      const device = await scene.device({}, THIRD)
      // As the hub does all day; a broker that reads its rights again looks at whose retained messages it keeps.
      await hub.publish(own('ack').replace(DEVICE, THIRD), '{"upto":1}', { retain: true })
      await scene.region.revoke(THIRD)
      const said = await device.publish(own('state').replace(DEVICE, THIRD), 'forged')
      const closed = said && (await device.ping()) ? 'open' : 'closed'
      const heard = (await scene.hubHeard(hub)).filter((line) => line.endsWith('forged'))
      const again = await scene.bare(THIRD)
      const connack = await again.connect({ clientId: THIRD })
      const may = connack?.returnCode === 0 ? 'may' : 'may not'
      return `${closed}; says ${heard.length ? 'something' : 'nothing'}; ${may} come again`
    },
  },
  {
    ...{ what: 'a reader: revoked while connected', clause: '', wanted: 'closed; others stay; may not come again' },
    see: async (scene) => {
      const [gone, stays] = ['reader-gone', 'reader-stays']
      const files = await scene.region.giveReader(gone)
      const good = await scene.region.giveReader(stays)
      const device = await scene.device()
      const hub = await scene.hub({}, own('event'))
      const come = async (name: string, by: typeof files) => {
        const reader = await scene.strange(by)
        const connack = await reader.connect({ clientId: name })
        return { reader, isIn: connack?.returnCode === 0 }
      }
      const [{ reader }, { reader: other }] = [await come(gone, files), await come(stays, good)]
      for (const one of [reader, other]) await one.subscribe(1, 'verbatim/v1/+/+/up/state')
      const first = scene.word()
      await device.publish(own('state'), first)
      // Whoever hears nothing at all would be no witness of being cut.
      for (const one of [reader, other]) await one.heardUntil(first)
      await scene.region.revokeReader(gone, files)
      const closed = (await reader.ping()) ? 'open' : 'closed'
      const second = scene.word()
      await device.publish(own('state'), second)
      const hears = await other.heardUntil(second).then(
        () => true,
        () => false,
      )
      const alive = hears && (await device.ping()) && (await hub.ping()) ? 'stay' : 'do not stay'
      const again = (await come(gone, files)).isIn ? 'may' : 'may not'
      return `${closed}; others ${alive}; ${again} come again`
    },
  },
]
