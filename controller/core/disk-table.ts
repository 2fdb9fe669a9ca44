/** Every trouble with a disk: what it makes of the verdict on that disk, and what to do. */
import type { Severity } from '../wire/health.ts'
import type { TroubleKind } from './trouble-table.ts'

/** `watch` and `replace-soon` ask for a person within weeks, `failing` today; `failed` is left by the recording already. */
export const DISK_VERDICTS = ['good', 'watch', 'replace-soon', 'failing', 'failed'] as const
export type DiskVerdict = (typeof DISK_VERDICTS)[number]

interface DiskTrouble {
  verdict: Exclude<DiskVerdict, 'good'>
  toDo: string
}

const REPLACE = 'Order a disk of the same size or larger, and have this one replaced between two hearings.'
const REPLACE_TODAY = 'Have this disk replaced today, between two hearings. Until then it goes on recording.'

export const DISK_TROUBLES = {
  DISK_FAILED: {
    verdict: 'failed',
    toDo: 'The other disk goes on recording. Make room on this one or replace it; it is filled again without stopping.',
  },
  DISK_LATE: {
    verdict: 'watch',
    toDo: 'Wait a minute. If it stays slow, have the disk replaced; the other goes on recording.',
  },
  DISK_BAY_FAULT: { verdict: 'failing', toDo: 'Push the disk fully into its bay. If the fault stays, replace it.' },
  DISK_SAYS_FAILING: { verdict: 'failing', toDo: REPLACE_TODAY },
  DISK_SPARE_GONE: { verdict: 'failing', toDo: REPLACE_TODAY },
  DISK_SECTORS_LOST: { verdict: 'replace-soon', toDo: REPLACE },
  DISK_SECTORS_MOVED: { verdict: 'replace-soon', toDo: REPLACE },
  DISK_SPARE_LOW: { verdict: 'replace-soon', toDo: REPLACE },
  DISK_WORN: { verdict: 'replace-soon', toDo: REPLACE },
  DISK_WEARING: { verdict: 'watch', toDo: 'Nothing today. Order a disk within the next months.' },
  DISK_SECTORS_MOVING: { verdict: 'watch', toDo: 'Nothing today. Look at the number again in a week.' },
  DISK_OLD: { verdict: 'watch', toDo: 'Nothing today. Plan to replace it this year.' },
  DISK_HOT: {
    verdict: 'watch',
    toDo: 'Are the fans running and the air slots free? Move nothing warm beside the rack.',
  },
  DISK_CABLE: {
    verdict: 'watch',
    toDo: 'Between two hearings: push the disk and its cable in; then replace the cable.',
  },
  DISK_SLOW: {
    verdict: 'watch',
    toDo: 'If it stays so for a day, have the disk replaced: disks slow down before they fail.',
  },
  DISK_FILLING: { verdict: 'watch', toDo: 'Have earlier hearings archived, or a larger disk put in.' },
  DISK_SHARED: {
    verdict: 'watch',
    toDo: 'Put the second copy on a disk of its own: the failure of this one disk would take both copies.',
  },
  DISK_OTHER: { verdict: 'watch', toDo: 'Was it replaced? Then write the new disk into the configuration.' },
  DISK_UNEXAMINED: {
    verdict: 'watch',
    toDo: 'Call support between two hearings: until it can be asked, this disk may fail without a warning.',
  },
} as const satisfies Record<string, DiskTrouble>

export type DiskCode = keyof typeof DISK_TROUBLES

/** A disk that fails, or will today, is told of loudly; what has weeks is not. */
const SEVERITIES: Record<DiskTrouble['verdict'], Severity> = {
  watch: 'watch',
  'replace-soon': 'watch',
  failing: 'degraded',
  failed: 'degraded',
}

/** The lamp tells of bytes: only a disk that does not take them, or is late with them, keeps it from being steady. */
const BLINKS: ReadonlySet<string> = new Set(['DISK_FAILED', 'DISK_LATE'])

/** The disks' part of the table of troubles. */
export const DISK_KINDS = Object.fromEntries(
  Object.entries(DISK_TROUBLES).map(([code, { verdict, toDo }]) => [
    code,
    {
      area: 'disk',
      severity: code === 'DISK_LATE' ? 'degraded' : SEVERITIES[verdict],
      blinks: BLINKS.has(code),
      toDo,
    },
  ]),
) as Record<DiskCode, TroubleKind>

/** The gravest of what was found. */
export const diskVerdictOf = (codes: readonly DiskCode[]): DiskVerdict =>
  DISK_VERDICTS.findLast((verdict) => codes.some((code) => DISK_TROUBLES[code].verdict === verdict)) ?? 'good'
