/** MQTT packets that are good, nearly good, or none at all; the same for the same seed. */
import mqttPacket, { type Packet } from 'mqtt-packet'
import { TOPIC_NAMES, topicOf } from '../../../controller/wire/fleet/topics.ts'
import type { Chance } from '../chance.ts'

export const COURT = 'almaty'
export const FUZZED = 'vb-aaaaaaaaaaaaaaaa'
export const HONEST = 'vb-bbbbbbbbbbbbbbbb'

const bytesOf = (chance: Chance, most: number): Buffer =>
  Buffer.from(Array.from({ length: chance.below(most) }, () => chance.below(256)))

const topic = (chance: Chance): string => {
  const own = topicOf(COURT, FUZZED, chance.oneOf(TOPIC_NAMES), chance.oneOf(['A', 'x', '+', '']))
  return chance.oneOf([
    ...[
      own,
      own,
      own,
      own,
      '#',
      '+/+',
      '$SYS/#',
      'verbatim/v1/#',
      own.replace(FUZZED, HONEST),
      '',
      '/',
      own.toUpperCase(),
    ],
    `${own}/${'a/'.repeat(chance.below(40))}`,
    bytesOf(chance, 60).toString('latin1'),
  ])
}

/** Something that begins as a message of the table does. */
export const fuzzedPayload = (chance: Chance): Buffer => {
  const word = () =>
    chance.oneOf<unknown>([
      ...[null, true, -1, 0, 1, 1e308, 2 ** 53, '', 'ready', 'x'.repeat(chance.below(2_000)), [], {}],
      ...['2026-11-28T00:00:00.000Z', FUZZED, { __proto__: 1 }, [[[[1]]]], '\u0000', '\ud800'],
    ])
  const keys = ['at', 'state', 'boot', 'bd', 'seq', 'id', 'data', 'code', 'upto', 'ahead', 'sig', 'cfg', '__proto__']
  const value = Object.fromEntries(Array.from({ length: chance.below(12) }, () => [chance.oneOf(keys), word()]))
  const text = Buffer.from(JSON.stringify(value))
  if (chance.below(4) === 0) return bytesOf(chance, 300)
  return chance.below(4) === 0 ? spoiled(text, chance) : text
}

const packetOf = (chance: Chance): Packet => {
  const messageId = chance.below(65_536)
  const qos = chance.below(3) as 0 | 1 | 2
  const kinds: (() => object)[] = [
    () => ({ cmd: 'publish', topic: topic(chance) || 'x', payload: fuzzedPayload(chance), qos, messageId }),
    () => ({ cmd: 'publish', topic: topic(chance) || 'x', payload: '', qos, messageId, retain: true, dup: true }),
    () => ({ cmd: 'subscribe', messageId, subscriptions: [{ topic: topic(chance) || '#', qos }] }),
    () => ({ cmd: 'unsubscribe', messageId, unsubscriptions: [topic(chance) || '#'] }),
    () => ({ cmd: chance.oneOf(['puback', 'pubrec', 'pubrel', 'pubcomp', 'unsuback']), messageId }),
    () => ({ cmd: 'suback', messageId, granted: [qos, 128] }),
    () => ({ cmd: 'connack', returnCode: chance.below(6), sessionPresent: false }),
    () => ({ cmd: chance.oneOf(['pingreq', 'pingresp', 'disconnect']) }),
    () => connectOf(chance),
  ]
  return { retain: chance.below(2) === 0, dup: false, ...chance.oneOf(kinds)() } as Packet
}

const connectOf = (chance: Chance): object => ({
  ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: chance.below(2) === 0 },
  ...{ clientId: chance.oneOf([FUZZED, FUZZED, 'hub', '', 'x'.repeat(200)]), keepalive: chance.below(65_536) },
  ...(chance.below(2) ? { will: { topic: topic(chance) || 'x', payload: fuzzedPayload(chance), qos: 1 } } : {}),
})

/** Bits turned, bytes put in or taken out, the end cut off, or the length changed. */
export const spoiled = (good: Buffer, chance: Chance): Buffer => {
  const bytes = [...good]
  const put = (at: number, byte: number) => {
    if (at < bytes.length) bytes[at] = byte & 0xff
  }
  for (let times = 1 + chance.below(4); times > 0; times--) {
    const at = chance.below(bytes.length + 1)
    chance.oneOf([
      () => put(at, (bytes[at] ?? 0) ^ (1 << chance.below(8))),
      () => bytes.splice(at, 0, chance.below(256)),
      () => bytes.splice(at, 1 + chance.below(4)),
      () => bytes.splice(at),
      () => put(1, chance.below(256)),
    ])()
  }
  return Buffer.from(bytes)
}

export const fuzzedPacket = (chance: Chance): Buffer => {
  if (chance.below(12) === 0) return bytesOf(chance, 80)
  let good: Buffer
  try {
    good = mqttPacket.generate(packetOf(chance))
  } catch {
    // What mqtt-packet does not write is written by hand.
    return bytesOf(chance, 80)
  }
  return chance.below(3) === 0 ? spoiled(good, chance) : good
}
