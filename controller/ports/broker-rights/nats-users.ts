import { memberUri } from '../../wire/fleet/name.ts'
import { READABLE_TOPICS } from '../../wire/fleet/topics.ts'
import { mayHear, mayPublish, type Rights } from './rights.ts'

/** As NATS calls what MQTT calls a topic. None of ours has a dot in it, which it could not say. */
const subject = (topic: string): string => topic.replaceAll('/', '.').replaceAll('+', '*').replace(/#$/, '>')

/** `#` is also the level before it, which `>` is not. */
const subjects = (topic: string): string[] =>
  topic.endsWith('/#') ? [subject(topic.slice(0, -2)), subject(topic)] : [subject(topic)]

const list = (topics: readonly string[]): string =>
  `[${topics
    .flatMap(subjects)
    .map((one) => `"${one}"`)
    .join(', ')}]`

/** NATS' own way of delivering QoS 1; it refuses a client that asks for it by name. */
const DELIVERY = '$MQTT/sub/+'
/**
 * Topic by topic, and so no whole tree: a tree with `deny` hands on what is denied all the same, both what was kept and
 * what is delivered at QoS 1 (nats-server 2.9.10, tried).
 */
const READERS_HEAR = list([...READABLE_TOPICS, DELIVERY])
const NOTHING = '{ deny: [">"] }'
/**
 * Said although it is what a user without permissions has: nats-server 2.9.10 falls (nil dereference in
 * `mqttCheckPubRetainedPerms`), every node of it, at the first reload after such a user has left a retained message.
 */
const EVERYTHING = '{ publish: [">"], subscribe: [">"] }'

/**
 * To be included by the configuration of NATS with `verify_and_map`: who connects is the subject of the certificate.
 * A device is found by the URI in its certificate, which NATS looks up; to match a subject it parses the names of all
 * users for each connection (2.9.10: 17 ms among ten thousand). The hub and readers have no URI.
 * NATS knows no list of revoked certificates; whoever stands here not is refused, and out at the next reload.
 */
export const natsUsers = ({ members, readers }: Pick<Rights, 'members' | 'readers'>): string =>
  [
    '# Written by the hub. Whoever stands here not is refused.',
    'authorization {',
    '  users = [',
    `    { user: "CN=hub", permissions: ${EVERYTHING} }`,
    ...readers.map(
      (name) => `    { user: "CN=${name}", permissions: { publish: ${NOTHING}, subscribe: ${READERS_HEAR} } }`,
    ),
    ...members.map((member) => {
      const { device, court } = member
      const may = `publish: ${list(mayPublish(member))}, subscribe: ${list([...mayHear(member), DELIVERY])}`
      return `    { user: "${memberUri(court, device)}", permissions: { ${may} } }`
    }),
    '  ]',
    '}',
    '',
  ].join('\n')
