/** What is wrong now, in words for the judge and the clerk (R26). A view: nothing is remembered here. */
import { type Reason, reason } from '../base/reason.ts'
import { absenceOf } from './condition.ts'
import type { State } from './state.ts'

/** Voice is welcome, and a clipped word is still a recorded one; neither makes the lamp blink. */
const HARMLESS: ReadonlySet<string> = new Set(['voice', 'clipping'])

/** The alarms of a track, such as `stalled` or `silent`. */
export const alarmsOf = (signals: Record<string, Reason>): string[] =>
  Object.keys(signals).filter((what) => what !== 'voice')

/** `only` keeps to the required sources, as the lamp does. */
const sourceTroubles = (state: State, only: boolean): Reason[] => {
  const open = state.hearing.is === 'recording' || state.hearing.is === 'off-record'
  return state.plan.sources.flatMap(({ name, required }) => {
    const source = state.sources[name]
    if ((only && !required) || !source) return []
    // Out of a hearing, the first start is no trouble.
    const isTold = open || ('attempt' in source && source.attempt > (source.is === 'waiting' ? 0 : 1))
    const absence = absenceOf(state, name)
    return absence && isTold ? [absence] : []
  })
}

const trackTroubles = (state: State, only: boolean): Reason[] => {
  const required = new Set(state.plan.sources.filter((source) => source.required || !only).map(({ name }) => name))
  return Object.values(state.tracks)
    .filter((track) => required.has(track.config.source))
    .flatMap(({ signals }) => Object.entries(signals).flatMap(([what, why]) => (HARMLESS.has(what) ? [] : [why])))
}

const storeTroubles = (state: State): Reason[] => {
  const stores = Object.values(state.stores)
  const told = stores.flatMap((store) => (store.is === 'failed' || store.is === 'late' ? [store.reason] : []))
  if (!stores.every((store) => store.is === 'failed')) return told
  return [
    reason('NO DISK: nothing can be saved. Interrupt the hearing and call technical support', 'every store has failed'),
    ...told,
  ]
}

/** All troubles of the room, the gravest first. */
export const troublesOf = (state: State): Reason[] => troubles(state, false)

/** The troubles that keep the lamp from being steady: those of required sources, of the disks and of the clock. */
export const lampTroublesOf = (state: State): Reason[] => troubles(state, true)

const troubles = (state: State, only: boolean): Reason[] => [
  ...storeTroubles(state),
  ...sourceTroubles(state, only),
  ...trackTroubles(state, only),
  // What is on disk is on disk: the lamp does not tell of signatures.
  ...(state.unsigned && !only ? [state.unsigned] : []),
  // An old hearing must be seen to, and is no reason to doubt the present one.
  ...(only ? [] : Object.values(state.scrub.troubles)),
  ...(state.clockStep ? [state.clockStep.reason] : []),
]
