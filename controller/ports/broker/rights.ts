/**
 * Who may say and hear what (R33). A device acts only as itself: it publishes its own `up/...` topics of the table, and
 * hears its own `down/...` ones. A reader hears the fleet, but nothing that names a case, and says nothing. Only the hub does more.
 */
import {
  isUp,
  PRIVATE,
  parseTopic,
  READABLE_TREES,
  TOPIC_NAMES,
  TOPICS,
  type TopicName,
  TREE,
} from '../../wire/fleet/topics.ts'

export type Who = { is: 'hub' } | { is: 'reader'; name: string } | { is: 'device'; device: string; court: string }

/** Of `verbatim/v1/COURT/DEVICE`. */
const DEVICE_LEVELS = 4

/** Why it may not be published; null when it may. */
export const refusesPublishing = (who: Who, topic: string, bytes: number, retain: boolean): string | null => {
  if (who.is === 'reader') return 'a reader says nothing'
  const parsed = parseTopic(topic)
  if (who.is === 'hub') return parsed && bytes > TOPICS[parsed.name].maxBytes ? 'it is too long' : null
  if (!parsed) return 'it is no topic of the fleet'
  if (parsed.device !== who.device || parsed.court !== who.court) return "it is another device's"
  if (!isUp(parsed.name)) return "it is the hub's to say"
  if (bytes > TOPICS[parsed.name].maxBytes) return `it has ${bytes} bytes, and may have ${TOPICS[parsed.name].maxBytes}`
  if (retain && !TOPICS[parsed.name].retain) return 'it is not kept'
  return null
}

/** Whether it may hear what this filter matches. */
export const maySubscribe = (who: Who, filter: string): boolean => {
  if (who.is === 'hub') return true
  if (who.is === 'reader')
    return READABLE_TREES.some((tree) => filter === tree || filter.startsWith(`${tree}/`)) && mayBeHandedOn(who, filter)
  const own = `${TREE}/${who.court}/${who.device}`
  if (filter === `${own}/down/#` || filter === `${own}/${TOPICS.presence.path}`) return true
  const parsed = parseTopic(filter)
  return parsed !== null && !isUp(parsed.name) && filter.startsWith(`${own}/`)
}

/** Whether a message goes to somebody whose wildcards match it. */
export const mayBeHandedOn = (who: Who, topic: string): boolean => {
  if (who.is !== 'reader') return true
  const name = nameOf(topic)
  return name === null || !PRIVATE.has(name)
}

/** Of a filter too, where it says which message it wants. */
const nameOf = (topic: string): TopicName | null => {
  const path = topic.split('/').slice(DEVICE_LEVELS).join('/')
  return TOPIC_NAMES.find((name) => TOPICS[name].path === path) ?? null
}
