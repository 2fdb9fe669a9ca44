/** What goes on in a room, as its lamp tells it; said on every change and every minute, retained. No case, no names. */
import { z } from 'zod'
import { Verdict } from '../health.ts'
import { AlarmId } from './alarm.ts'
import { Utc } from './name.ts'

const part = z.string().max(40)

export const RoomState = z.object({
  at: Utc,
  hearing: z.enum(['idle', 'recording', 'off-record', 'closing', 'closed']),
  lamp: z.enum(['dark', 'steady', 'blinking']).describe('steady: everything required is confirmed on disk'),
  recordedSince: Utc.nullable().describe('REC of the open hearing; null when none is open'),
  verdict: Verdict,
  alarms: z.array(AlarmId).max(200).describe('ids of the alarms that are active'),
  sources: z.record(part, z.string().max(20)).describe('state of each source by its name'),
  disks: z.record(part, z.string().max(20)).describe('state of each store by its name'),
  supply: z.enum(['unknown', 'mains', 'battery', 'battery-low']).describe('where the electricity comes from'),
  clockSynchronized: z.boolean().nullable(),
  hoursLeft: z.number().nullable(),
  audible: z
    .boolean()
    .nullable()
    .describe('a microphone was above the silence limit within its time; null when nothing is on the record'),
  selfTest: z.enum(['none', 'passed', 'failed']).describe('what the last whole self-test found'),
  selfTestedAt: Utc.nullable(),
  configRev: z.int().min(0).describe('revision of the configuration from the hub; 0 for the local one'),
})
export type RoomState = z.output<typeof RoomState>
