/** Seals: a judge's order that a portion be kept from copies, during a hearing or after it. Nothing recorded changes. */
import { type Reason, reason } from '../base/reason.ts'
import { clockText } from '../base/units.ts'
import type { Command } from './command.ts'
import type { EventOf, Portion } from './event.ts'
import { mediaMsAt } from './hearing.ts'
import { wantScrub } from './scrub.ts'
import type { OpenedHearing, State } from './state.ts'
import { type Step, stay } from './step.ts'
import { type AnswerCode, REFUSALS } from './verdict.ts'
import { openHearingOf, write } from './write.ts'

type SealAsked = EventOf<'seal-asked'>

const answer = (state: State, request: number, code: AnswerCode, hearing: string | null, why: Reason): Step => ({
  state,
  commands: [{ do: 'answer', request, accepted: !REFUSALS.has(code), code, hearing, reason: why }],
})

/** A seal is put on the open hearing at once, on a closed one by its port. */
export const sealAsked = (state: State, event: SealAsked): Step => {
  const { request, by } = event
  const refuse = (code: AnswerCode, clerk: string) => answer(state, request, code, null, reason(clerk, `seal by ${by}`))
  if (state.hearing.is === 'closing') return refuse('CLOSING', 'The hearing is just being closed; wait a moment')
  const open = openHearingOf(state.hearing)
  const id = event.hearing || open?.id || (state.hearing.is === 'closed' ? state.hearing.id : '')
  if (!state.hearingIds.includes(id) && id !== open?.id)
    return refuse('NO_HEARING', id ? `There is no hearing ${id}` : 'No hearing is open; name the one to be sealed')
  const endMs = open?.id === id ? mediaMsAt(open, event.atMs) : Number.POSITIVE_INFINITY
  const wrong = wrongWith(event.portion, endMs)
  if (wrong) return refuse('SEAL_INVALID', wrong)
  return open?.id === id ? sealOpen(state, event, open) : sealClosed(state, event, id)
}

const wrongWith = ({ fromMs, toMs }: Portion, endMs: number): string | null => {
  if (fromMs >= toMs) return 'A sealed portion must end after it begins'
  return toMs > endMs ? `The hearing has only come to ${clockText(endMs)}` : null
}

const reasonOf = ({ portion, why }: SealAsked): Reason => {
  const { tracks, fromMs, toMs } = portion
  const what = tracks.length ? tracks.join(', ') : 'all tracks'
  return reason(`${what} sealed from ${clockText(fromMs)} to ${clockText(toMs)}: ${why}`, `${fromMs} to ${toMs} ms`)
}

const sealOpen = (state: State, event: SealAsked, open: OpenedHearing): Step => {
  const { portion, by, request } = event
  const why = reasonOf(event)
  const unknown = portion.tracks.find((name) => !state.tracks[name])
  if (unknown !== undefined)
    return answer(state, request, 'SEAL_INVALID', null, reason(`There is no track "${unknown}"`, `seal by ${by}`))
  const seals = open.seals + 1
  const body = { kind: 'seal', seal: `seal-${seals}`, ...portion, by, reason: why } as const
  const commands = write(state, event, body, why)
  const next = { ...state, hearing: { ...state.hearing, hearing: { ...open, seals } } as State['hearing'] }
  const answered = answer(next, request, 'SEALED', open.id, why)
  return { state: next, commands: [...commands, ...answered.commands] }
}

const sealClosed = (state: State, event: SealAsked, hearing: string): Step => {
  const { portion, by, request, atMs, utcMs } = event
  const command: Command = {
    do: 'seal-closed',
    ...{ hearing, portion, by, request, atMs, utcMs },
    reason: reasonOf(event),
  }
  return { state, commands: [command] }
}

/** The port has put the seal on a closed hearing, or could not. */
export const closedSealed = (state: State, event: EventOf<'closed-sealed'>): Step => {
  const { request, ok, hearing, reason: why } = event
  const next = ok ? wantScrub(state) : state
  return request ? answer(next, request, ok ? 'SEALED' : 'SEAL_FAILED', hearing, why) : stay(next)
}
