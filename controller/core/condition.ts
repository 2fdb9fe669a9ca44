/** What was already wrong when a hearing began: it stands in that hearing's journal too (R18). */
import { type Reason, reason } from '../base/reason.ts'
import { writeLines } from './board.ts'
import type { Command } from './command.ts'
import { writeDisks } from './disk-journal.ts'
import type { Stamp } from './event.ts'
import { writePanels } from './panel.ts'
import { writePower } from './power-room.ts'
import { writeUnsigned } from './signing.ts'
import type { State } from './state.ts'
import { nameOfSource, nameOfStore } from './words.ts'
import { write } from './write.ts'

/** Why a source cannot be recorded now; null when it is live. */
export const absenceOf = (state: State, name: string): Reason | null => {
  const source = state.sources[name]
  if (!source || source.is === 'live') return null
  if ('reason' in source && source.reason) return source.reason
  return reason(`${nameOfSource(state.plan, name)} is not ready yet`, `${name} is ${source.is}, run ${source.run}`)
}

/** A line for every source, signal, store and panel, and for the key, that is not as it should be. */
export const writeConditions = (state: State, at: Stamp): Command[] => [
  ...writeSources(state, at),
  ...writeSignals(state, at),
  ...writeStores(state, at),
  ...writePanels(state, at),
  ...writeDisks(state, at),
  ...writeUnsigned(state, at),
  ...writePower(state, at),
  ...writeLines(state, at),
]

const writeSources = (state: State, at: Stamp): Command[] =>
  Object.entries(state.sources).flatMap(([source, { is, run }]) => {
    const why = absenceOf(state, source)
    return why ? write(state, at, { kind: 'source', source, run, to: is, reason: why }, why) : []
  })

const writeSignals = (state: State, at: Stamp): Command[] =>
  Object.entries(state.tracks).flatMap(([track, { signals }]) =>
    Object.entries(signals).flatMap(([what, why]) =>
      write(state, at, { kind: 'signal', track, what, state: 'begun', reason: why }, why),
    ),
  )

const writeStores = (state: State, at: Stamp): Command[] =>
  Object.entries(state.stores).flatMap(([name, store]) => {
    if (store.is === 'good') return []
    const why =
      'reason' in store ? store.reason : reason(`${nameOfStore(name)} is not ready yet`, `${name} is ${store.is}`)
    return write(state, at, { kind: 'store', store: name, to: store.is, reason: why }, why)
  })
