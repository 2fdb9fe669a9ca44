/** One thing that is wrong now, retained under its id; the empty message when it is no longer. */
import { z } from 'zod'
import { Area, Severity } from '../health.ts'
import { FleetText, Utc } from './name.ts'

/** The code of a health reason, and what it is about: one level of a topic, without dots, for NATS takes none. */
export const AlarmId = z
  .string()
  .regex(/^[A-Z0-9_]+(-[a-z0-9]+)*$/, 'CODE, or CODE-about')
  .max(120)
export type AlarmId = z.output<typeof AlarmId>

/** Of a device at once; more say nothing more. Who keeps them bears three times as many, in case one device has no sense. */
export const MOST_ALARMS = 100
export const MOST_ALARMS_KEPT = 3 * MOST_ALARMS

const MAX_ABOUT = 50

/** `DISK_FAILED-mirror`; the code alone when it is about the whole room. */
export const alarmIdOf = ({ code, about }: { code: string; about: string }): AlarmId => {
  const safe = about
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_ABOUT)
    .replaceAll(/^-|-$/g, '')
  return safe ? `${code}-${safe}` : code
}

export const Alarm = z.object({
  code: z.string().max(60).describe('of a health reason, such as DISK_FAILED'),
  about: z.string().max(250).describe('name of the store, source, track or hearing; empty for the room'),
  severity: Severity,
  area: Area,
  recording: z.boolean().describe('a hearing was open when it was raised: somebody should hurry'),
  since: Utc,
  seq: z.int().min(1).describe('of the event that raised it'),
  text: FleetText.describe('for people'),
  detail: FleetText.describe('for the engineer'),
  toDo: FleetText,
})
export type Alarm = z.output<typeof Alarm>
