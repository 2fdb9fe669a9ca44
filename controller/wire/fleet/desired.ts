/**
 * Configuration from the hub. It is signed by the operator's key, which the broker does not have, and is only what an
 * operator may change from afar: never where recordings lie, never what the court must record.
 */
import { z } from 'zod'
import { ConfigPatch } from '../config-patch.ts'
import { Bytes64, DeviceId, FleetText, Utc } from './name.ts'

export const DesiredConfig = z.object({
  device: DeviceId.describe('nobody can show it to another one'),
  rev: z.int().min(1).describe('counts up; an older one is refused'),
  at: Utc,
  cfg: ConfigPatch,
  sig: Bytes64.describe("the operator's, over the payload of `signing.ts`"),
})
export type DesiredConfig = z.output<typeof DesiredConfig>

const FieldNames = z.array(z.string().max(80)).max(50).default([])

export const ReportedConfig = z.object({
  at: Utc,
  rev: z.int().min(0).describe('the one in force; 0 when none came from the hub'),
  cfg: ConfigPatch.describe('what of it differs from the local configuration'),
  configSha256: z.string().max(64).describe('of the whole configuration in force'),
  applied: z.enum(['applied', 'waiting', 'refused', 'rolled-back', 'local']),
  wanted: z.int().min(0).describe('the last revision that was heard'),
  why: FleetText.describe('why it waits, was refused or rolled back; empty otherwise'),
  live: FieldNames.describe('fields of `wanted` that were taken at once, without a new start'),
  waiting: FieldNames.describe('fields of `wanted` that wait for the end of the hearing, and a new start'),
})
export type ReportedConfig = z.output<typeof ReportedConfig>
