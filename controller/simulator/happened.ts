/** What happened in a room between two looks at it: the kinds of event that its recorder would raise. */
import { utcText } from '../base/units.ts'
import { type Alarm, type AlarmId, alarmIdOf } from '../wire/fleet/alarm.ts'
import type { FleetEvent, FleetEventKind } from '../wire/fleet/fleet-event.ts'
import type { Wrong } from './reasons.ts'
import type { Hearing, RoomNow } from './room-now.ts'
import type { ToUtc } from './said.ts'

/** An alarm as it stands before its event has a number. */
export type NewAlarm = Omit<Alarm, 'seq'>

export interface Happened {
  kind: FleetEventKind
  urgent: boolean
  data: FleetEvent['data']
  /** The alarm that it raises, or clears. */
  alarm: { id: AlarmId; raised: NewAlarm | null } | null
}

const plain = (kind: FleetEventKind, data: FleetEvent['data'] = {}, urgent = false): Happened => ({
  ...{ kind, data, urgent, alarm: null },
})

const alarmOf = ({ reason, sinceMs }: Wrong, hearing: Hearing, toUtc: ToUtc): NewAlarm => ({
  ...{ code: reason.code, about: reason.about, severity: reason.severity, area: reason.area },
  recording: hearing === 'recording' || hearing === 'off-record',
  since: utcText(toUtc(sinceMs)),
  ...{ text: reason.clerk, detail: reason.engineer, toDo: reason.toDo },
})

const raised = (wrong: Wrong, hearing: Hearing, toUtc: ToUtc): Happened => {
  const alarm = alarmOf(wrong, hearing, toUtc)
  return {
    kind: 'alarm-raised',
    urgent: true,
    data: { ...alarm },
    alarm: { id: alarmIdOf(wrong.reason), raised: alarm },
  }
}

const cleared = ({ reason }: Wrong): Happened => ({
  ...{ kind: 'alarm-cleared', urgent: true, data: { code: reason.code, about: reason.about } },
  alarm: { id: alarmIdOf(reason), raised: null },
})

const isOpen = (hearing: Hearing): boolean => hearing === 'recording' || hearing === 'off-record'

const hearingChanges = (before: Hearing, after: Hearing): Happened[] => {
  if (before === after) return []
  if (before === 'off-record' && after === 'recording') return [plain('went-on-record')]
  if (before === 'recording' && after === 'off-record') return [plain('went-off-record')]
  const isOver = (isOpen(before) || before === 'closing') && (after === 'closed' || after === 'idle')
  return [...(isOver ? [plain('hearing-closed')] : []), ...(after === 'recording' ? [plain('hearing-opened')] : [])]
}

/** @param before null when nothing was said yet; alarms outlive a start of the machine, for the hub remembers them */
export const happenedBetween = (before: RoomNow | null, after: RoomNow, toUtc: ToUtc): Happened[] => {
  const isStarted = before?.bootedMs !== after.bootedMs
  const goesOn = isStarted && before && isOpen(before.hearing) && after.hearing === 'recording'
  const known = byId(before?.wrong ?? [])
  const now = byId(after.wrong)
  return [
    ...(isStarted ? [plain('recorder-started')] : []),
    ...(goesOn ? [plain('went-on-record')] : hearingChanges(before?.hearing ?? 'idle', after.hearing)),
    ...[...known].filter(([id]) => !now.has(id)).map(([, wrong]) => cleared(wrong)),
    ...[...now].filter(([id]) => !known.has(id)).map(([, wrong]) => raised(wrong, after.hearing, toUtc)),
  ]
}

const byId = (wrong: readonly Wrong[]): Map<AlarmId, Wrong> => new Map(wrong.map((one) => [alarmIdOf(one.reason), one]))
