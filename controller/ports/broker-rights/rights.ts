/** Who may connect to an outside broker, and the topics of each: the table of `wire/fleet/topics.ts`, said in full. */
import { isUp, TOPIC_NAMES, TOPICS, topicOf } from '../../wire/fleet/topics.ts'

export interface Member {
  device: string
  court: string
}

export interface Rights {
  /** Enrolled, and not revoked. */
  members: readonly Member[]
  /** Names of the certificates that may hear the whole fleet: `reader-...`. */
  readers: readonly string[]
  /** Names of devices and readers that may connect no more. */
  revoked: readonly string[]
  /** PEM; see `Authority.crl`. */
  crl: string
}

/** Topics with `+`, as MQTT writes them. */
export const mayPublish = ({ device, court }: Member): string[] =>
  TOPIC_NAMES.filter(isUp).map((name) => topicOf(court, device, name))

/** Everything that is said to it, and whether it is called lost. */
export const mayHear = ({ device, court }: Member): string[] => [
  `${topicOf(court, device, 'presence').slice(0, -TOPICS.presence.path.length)}down/#`,
  topicOf(court, device, 'presence'),
]
