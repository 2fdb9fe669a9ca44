/** What people are told, and where it goes. */
import type { AlarmRow } from '../../wire/console.ts'
import { SEVERITIES, type Severity } from '../../wire/health.ts'

export interface Notice {
  id: number
  /** `raised`, `escalated` (nobody acknowledged it) or `cleared`. */
  why: 'raised' | 'escalated' | 'cleared'
  row: AlarmRow
}

export interface NoticeTarget {
  /** The same over a restart: what waits for it is found by this. */
  name: string
  from: Severity
  /** All of them in one go. Rejects when they must be sent again. */
  send: (notices: readonly Notice[]) => Promise<void>
}

export const isGrave = ({ row }: Notice): boolean => row.alarm.severity === 'failed'

export const concerns = (notice: Notice, from: Severity): boolean =>
  SEVERITIES.indexOf(notice.row.alarm.severity) >= SEVERITIES.indexOf(from)
