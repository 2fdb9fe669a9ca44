/** Journal lines as commands. Fragments are gathered and written a few at a time; every other line comes after them. */
import { type Reason, reason } from '../base/reason.ts'
import type { EntryBody } from '../journal/entry.ts'
import type { Command } from './command.ts'
import type { Event, Stamp } from './event.ts'
import type { HearingState, OpenedHearing, State } from './state.ts'
import type { Step } from './step.ts'

/** More than this many fragments do not wait for the next tick. */
const BATCH = 40

/** The hearing whose journal is open; null when there is none, or it is already being finished. */
export const openHearingOf = (hearing: HearingState): OpenedHearing | null => {
  if (hearing.is === 'idle' || hearing.is === 'closed') return null
  return hearing.is === 'closing' && hearing.finishing ? null : hearing.hearing
}

/** A journal line, when a hearing is there to be journalled. */
export const write = (state: State, at: Stamp, body: EntryBody, why: Reason): Command[] =>
  openHearingOf(state.hearing) ? [{ do: 'journal', body, atMs: at.atMs, utcMs: at.utcMs, reason: why }] : []

/** Where every track stands: a reader need not add up the fragments before it. */
export const writeCheckpoint = (state: State, at: Stamp): Command[] => {
  const tracks: Record<string, { fragments: number; bytes: number; endMs: number }> = {}
  for (const [name, { fragments, bytes, endMs }] of Object.entries(state.tracks))
    tracks[name] = { fragments, bytes, endMs }
  return write(state, at, { kind: 'checkpoint', tracks }, reason('The tracks were added up', 'checkpoint'))
}

/** Puts the gathered fragments before whatever this step journals, so that lines stand in the order of events. */
export const flush = (step: Step, event: Event): Step => {
  const { unwritten, unwrittenMirrored } = step.state
  if (!unwritten.length && !unwrittenMirrored.length) return step
  // A search finds what the journal does not list: it must know all that was told.
  const asks = step.commands.some((one) => one.do === 'journal' || one.do === 'salvage')
  const due = event.is === 'tick' || unwritten.length >= BATCH || asks
  if (!due) return step
  const why = reason('Recorded material is safe on disk', `${unwritten.length} fragments confirmed`)
  const line = (body: EntryBody): Command => ({
    do: 'journal',
    body,
    atMs: event.atMs,
    utcMs: event.utcMs,
    reason: why,
  })
  const lines = unwritten.length ? [line({ kind: 'fragments', fragments: unwritten })] : []
  for (const mirrored of unwrittenMirrored) lines.push(line({ kind: 'stored', ...mirrored }))
  return {
    state: { ...step.state, unwritten: [], unwrittenMirrored: [] },
    commands: [...lines, ...step.commands],
  }
}
