/** What the command line (and later the panel's page) says to the recorder on its control socket, and hears back. */
import { z } from 'zod'
import { DiskStatus } from './disk.ts'
import { Docket } from './fleet/docket.ts'
import { Health } from './health.ts'

export const Button = z.enum(['rec', 'off', 'stop', 'mark'])
export type Button = z.output<typeof Button>

export const ToRecorder = z.discriminatedUnion('do', [
  z
    .strictObject({
      do: z.literal('press'),
      button: Button,
      case: z.string().max(80).optional().describe('case number, with REC'),
      note: z.string().max(500).optional().describe('reason with OFF RECORD, text with MARK'),
      by: z.string().max(80).default('command line'),
    })
    .describe('A button is pressed'),
  z
    .strictObject({
      do: z.literal('seal'),
      hearing: z.string().max(200).default('').describe('id of a hearing; empty for the open or the last one'),
      tracks: z.array(z.string().max(40)).max(100).default([]).describe('names of tracks; every track when empty'),
      fromMs: z.number().min(0).describe('on the media time line'),
      toMs: z.number().min(0).describe('on the media time line'),
      by: z.string().min(1).max(80).describe('whose order it is'),
      why: z.string().min(1).max(500),
    })
    .describe('A portion is to be kept from copies'),
  z.strictObject({ do: z.literal('status') }).describe('What goes on?'),
  z.strictObject({ do: z.literal('self-test') }).describe('Test everything now; `status` says when it is done'),
  z.strictObject({ do: z.literal('hearings') }).describe('Which hearings are there?'),
  z.strictObject({ do: z.literal('docket') }).describe('Which hearings are on for the day?'),
])
export type ToRecorder = z.output<typeof ToRecorder>

const TrackStatus = z.object({
  name: z.string(),
  label: z.string(),
  source: z.string(),
  confirmedAgoMs: z.number().nullable().describe('since bytes were last confirmed on disk; null before the first'),
  seconds: z.number(),
  fragments: z.int(),
  bytes: z.int(),
  gaps: z.int(),
  levelDbfs: z.number().nullable(),
  alarms: z.array(z.string()),
})

/** What one part of the self-test found. */
export const SelfTestItem = z.object({
  what: z.string(),
  ok: z.boolean(),
  warning: z.boolean().optional().describe('passed, and somebody should look'),
  detail: z.string().describe('exactly, for the engineer'),
  toDo: z.string().optional().describe('what the administrator should do'),
})
export type SelfTestItem = z.output<typeof SelfTestItem>

/** How the recorder stands with the fleet. */
export const FleetStatus = z.object({
  is: z
    .enum(['asking', 'refused', 'enrolled', 'revoked', 'expired'])
    .describe(
      'asking: it waits for its code to be typed into the console. revoked: it was taken out of the fleet; expired: its certificate was over for too long; either asks to be taken in again, and keeps its events',
    ),
  device: z.string().describe('what it is called in the fleet'),
  court: z.string().describe('level of the topics; empty until it is enrolled'),
  code: z.string().describe('what an administrator types into the console of the hub; empty once it is enrolled'),
  hub: z.string().describe('address it asks at, or reports to'),
  reached: z.boolean(),
  since: z.string().describe('when it was last reached, or since when it is reached'),
  why: z.string().describe('why it is not reached, or was refused; empty otherwise'),
  waiting: z.int().describe('events that the hub has not confirmed'),
  config: z.string().describe('which configuration of the hub is in force, and what became of the last one'),
  certificateExpires: z.string().nullable(),
})
export type FleetStatus = z.output<typeof FleetStatus>

export const Status = z.object({
  room: z.string(),
  state: z.enum(['idle', 'recording', 'off-record', 'closing', 'closed']),
  lamp: z.enum(['dark', 'steady', 'blinking']).describe('REC lamp: steady only while every required track is on disk'),
  hearing: z.string().nullable(),
  case: z.string().nullable(),
  mediaMs: z.number().nullable(),
  sources: z.array(z.object({ name: z.string(), state: z.string(), run: z.int(), why: z.string().nullable() })),
  tracks: z.array(TrackStatus),
  stores: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      state: z.string(),
      freeBytes: z.number().nullable(),
      hoursLeft: z.number().nullable(),
      why: z.string().nullable(),
      disk: DiskStatus.describe('the disk beneath it'),
    }),
  ),
  panels: z.array(
    z.object({
      name: z.string(),
      role: z.string(),
      state: z.enum(['unknown', 'found', 'lost']),
      lastPress: z.string().nullable().describe('changes with each press that was judged'),
    }),
  ),
  health: Health.describe('one verdict on everything, with its reasons'),
  selfTest: z
    .array(SelfTestItem)
    .describe('what the recorder found when it last tested itself; empty while it looks for the first time'),
  selfTesting: z.boolean().describe('a whole self-test is under way'),
  selfTestedUtc: z.string().nullable().describe('when the last whole self-test ended, with a trial recording'),
  fleet: FleetStatus.optional().describe('left out where no fleet is configured'),
})
export type Status = z.output<typeof Status>

/** A line of the register of hearings. */
export const RegisteredHearing = z.object({
  id: z.string().describe('name of the hearing folder in every store'),
  case: z.string(),
  room: z.string(),
  openedUtc: z.string(),
  closedUtc: z.string().nullable(),
  state: z.enum(['open', 'closed']),
})
export type RegisteredHearing = z.output<typeof RegisteredHearing>

export const FromRecorder = z.discriminatedUnion('is', [
  z
    .object({ is: z.literal('accepted'), text: z.string(), hearing: z.string().nullable() })
    .describe('The press is accepted; text is for the clerk'),
  z
    .object({ is: z.literal('refused'), code: z.string(), text: z.string(), engineer: z.string() })
    .describe('It is not; code says why to a program, text to the clerk'),
  z.object({ is: z.literal('status'), status: Status }).describe('Answer to status'),
  z.object({ is: z.literal('hearings'), hearings: z.array(RegisteredHearing) }).describe('Answer to hearings'),
  z.object({ is: z.literal('docket'), docket: Docket.nullable() }).describe('Answer to docket; null without one'),
])
export type FromRecorder = z.output<typeof FromRecorder>
