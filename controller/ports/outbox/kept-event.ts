/** One event as it lies in the outbox: the very bytes that are published, and their hash before them on the line. */
import { createHash } from 'node:crypto'
import { utcText } from '../../base/units.ts'
import { type FleetEvent, type FleetEventKind, MAX_EVENT_BYTES } from '../../wire/fleet/fleet-event.ts'

/** What happened; the outbox gives it its number. */
export interface NewEvent {
  kind: FleetEventKind
  utcMs: number
  /** Sent before what waits. */
  urgent: boolean
  /** Flat; never a case, a hearing or the name of a person. */
  data: FleetEvent['data']
}

/** Who raises events, and since which start of the machine. */
export interface Raiser {
  court: string
  device: string
  boot: string
}

export interface KeptEvent {
  seq: number
  urgent: boolean
  kind: string
  /** What is published, byte for byte. */
  text: string
  /** SHA-256 of `text`. */
  hash: string
}

export const LOST = 'events-lost'
const HASH_LENGTH = 64
/** The beginning of `text`, so that a million of them need not be parsed at the start. */
const HEAD = /^\{"specversion":"1\.0","seq":(\d{1,15}),"urgent":(true|false),"type":"verbatim\.([a-z-]+)\.v1",/

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** @param prev hash of the event before; null for the first */
export const numbered = (event: NewEvent, seq: number, prev: string | null, raiser: Raiser): KeptEvent => {
  const text = textOf(event, seq, prev, raiser)
  // The engineer's text of a reason may be long: an event that the hub would refuse tells less instead.
  const fitting = Buffer.byteLength(text) > MAX_EVENT_BYTES ? textOf({ ...event, data: {} }, seq, prev, raiser) : text
  return { seq, urgent: event.urgent, kind: event.kind, text: fitting, hash: hashOf(fitting) }
}

const textOf = ({ kind, utcMs, urgent, data }: NewEvent, seq: number, prev: string | null, raiser: Raiser): string => {
  const { court, device, boot } = raiser
  const event: FleetEvent = {
    specversion: '1.0',
    seq,
    urgent,
    type: `verbatim.${kind}.v1`,
    id: `${device}/${seq}`,
    source: `/verbatim/${court}/${device}`,
    time: utcText(utcMs),
    datacontenttype: 'application/json',
    prev,
    boot,
    data,
  }
  return JSON.stringify(event)
}

export const lineOf = ({ hash, text }: KeptEvent): string => `${hash} ${text}\n`

/** @param line without its line feed. Null when it is damaged. */
export const parseLine = (line: string): KeptEvent | null => {
  const hash = line.slice(0, HASH_LENGTH)
  const text = line.slice(HASH_LENGTH + 1)
  const head = HEAD.exec(text)
  if (!head || line[HASH_LENGTH] !== ' ' || hashOf(text) !== hash) return null
  return { seq: Number(head[1]), urgent: head[2] === 'true', kind: head[3]!, text, hash }
}

/** What was raised, to be numbered anew. */
export const newAgain = ({ text, kind, urgent }: KeptEvent): NewEvent => {
  const { time, data } = JSON.parse(text) as Pick<FleetEvent, 'time' | 'data'>
  return { kind: kind as FleetEventKind, urgent, utcMs: Date.parse(time), data }
}
