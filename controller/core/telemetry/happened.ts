/** What happened in the room between two states, beside alarms: lists in, lists out. */
import { utcText } from '../../base/units.ts'
import type { FleetEvent, FleetEventKind } from '../../wire/fleet/fleet-event.ts'
import type { HearingState, State } from '../state.ts'

export interface Happened {
  kind: FleetEventKind
  urgent: boolean
  data: FleetEvent['data']
}

const openedAtOf = (hearing: HearingState): string | null =>
  'hearing' in hearing ? utcText(hearing.hearing.openedUtcMs) : null

const plain = (kind: FleetEventKind, data: FleetEvent['data'] = {}): Happened => ({ kind, urgent: false, data })

const idOf = (hearing: HearingState): string | null =>
  'hearing' in hearing ? hearing.hearing.id : hearing.is === 'closed' ? hearing.id : null

const isOpen = ({ is }: HearingState): boolean => is === 'recording' || is === 'off-record'

/** A hearing that goes on after an interruption was found open by the recorder's start. */
const begun = (before: State, after: State): Happened => {
  const openedAt = openedAtOf(after.hearing)
  if (after.hearing.is === 'off-record') return plain('went-off-record', { openedAt })
  return plain(before.boot === after.boot && !after.recovery ? 'hearing-opened' : 'went-on-record', { openedAt })
}

const hearingChanges = (before: State, after: State): Happened[] => {
  const [was, is] = [before.hearing, after.hearing]
  if (idOf(was) === idOf(is) && was.is === is.is) return []
  const goesOn = idOf(was) === idOf(is)
  const wasOpen = isOpen(was) || was.is === 'closing'
  const isOver = wasOpen && (!goesOn || is.is === 'closed' || is.is === 'idle')
  const closed = isOver ? [plain('hearing-closed', { openedAt: openedAtOf(was) })] : []
  if (!isOpen(is)) return closed
  if (!goesOn || !wasOpen) return [...closed, begun(before, after)]
  return [plain(is.is === 'recording' ? 'went-on-record' : 'went-off-record', { openedAt: openedAtOf(is) })]
}

const tests = (before: State, after: State): Happened[] => {
  if (after.trial.testedUtcMs === null || before.trial.testedUtcMs === after.trial.testedUtcMs) return []
  const results = after.selfTest ?? []
  const failed = results.filter(({ ok }) => !ok)
  const data = { passed: results.length - failed.length, failed: failed.length }
  return [
    plain('self-tested', {
      ...data,
      what: failed
        .map(({ what }) => what)
        .join(', ')
        .slice(0, 500),
    }),
  ]
}

/** What goes on when a program begins to tell: a hearing that was open before it began goes on. */
export const happenedBefore = ({ hearing, presses }: State): Happened[] => {
  if (hearing.is !== 'recording' && hearing.is !== 'off-record') return []
  const openedAt = openedAtOf(hearing)
  if (hearing.is === 'off-record') return [plain('went-off-record', { openedAt })]
  return [plain(hearing.hearing.zeroMs < presses.startedMs ? 'went-on-record' : 'hearing-opened', { openedAt })]
}

export const happenedBetween = (before: State, after: State): Happened[] => [
  ...hearingChanges(before, after),
  ...tests(before, after),
]
