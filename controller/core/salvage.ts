/** Salvage: whole fragments that a dead worker left on disk are found before its successor writes (R10, R11). */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { Stamp } from './event.ts'
import { leaveHearing, openLateGate } from './gate.ts'
import type { State } from './state.ts'
import { drop, follow, put, type Step, stay } from './step.ts'
import { nameOfSource } from './words.ts'
import { openHearingOf, write } from './write.ts'

/** A killed worker is dead by then, or sleeps in the kernel and writes nothing either. */
const DEATH_MS = 2_000
/** A disk that takes longer must not keep the successor from recording (R6). */
export const SALVAGE_MS = 10_000

const begin = (state: State, at: Stamp, source: string, run: number, why: Reason): Step => {
  const open = openHearingOf(state.hearing)
  if (!open) return stay({ ...state, salvages: drop(state.salvages, source) })
  const command: Command = { do: 'salvage', source, hearing: open.id, reason: why }
  return {
    state: { ...state, salvages: put(state.salvages, source, { is: 'running', run, sinceMs: at.atMs }) },
    commands: [command],
  }
}

const reasonFor = (state: State, source: string, run: number): Reason =>
  reason(
    `What ${nameOfSource(state.plan, source)} recorded last is being looked for on the disks`,
    `run ${run} of ${source} is gone; looking for fragments beyond the last one journalled`,
  )

/** A worker has died that took part in the hearing. `certain` when its exit was seen, not only its kill asked for. */
export const salvageAfter = (state: State, at: Stamp, source: string, run: number, certain: boolean): Step => {
  if (!state.gates[source]) return stay(state)
  const left = leaveHearing(state, source)
  const why = reasonFor(state, source, run)
  if (certain) return begin(left, at, source, run, why)
  return stay({
    ...left,
    salvages: put(left.salvages, source, { is: 'owed', run, dueMs: at.atMs + DEATH_MS, reason: why }),
  })
}

/** The exit of a killed worker was seen: its files rest. */
export const salvageOwed = (state: State, at: Stamp, source: string, run: number): Step => {
  const salvage = state.salvages[source]
  return salvage?.is === 'owed' && salvage.run === run ? begin(state, at, source, run, salvage.reason) : stay(state)
}

/** After a restart: every source's files are owed a look until a living worker of the hearing is adopted. */
export const oweAll = (state: State, at: Stamp): State => {
  const salvages = { ...state.salvages }
  for (const { name } of state.plan.sources) {
    const run = state.sources[name]!.run
    salvages[name] = { is: 'owed', run, dueMs: at.atMs + 1, reason: reasonFor(state, name, run) }
  }
  return { ...state, salvages }
}

/**
 * A last look before a hearing is closed: what a hanging disk finished late, or a lost worker never told of, belongs to
 * the record and must not look like added bytes. Costs a `stat` a file when all is in order.
 */
export const searchAll = (state: State, at: Stamp): Step =>
  state.plan.sources.reduce(
    (step, { name }) => follow(step, (next) => begin(next, at, name, next.lastRuns[name] ?? 0, lastLook(next, name))),
    stay(state),
  )

const lastLook = (state: State, source: string): Reason =>
  reason(
    `${nameOfSource(state.plan, source)}: the disks are searched once more before the hearing is closed`,
    `looking for bytes of ${source} that the journal does not list`,
  )

export const endSalvage = (state: State, at: Stamp, source: string): Step => {
  if (state.salvages[source]?.is !== 'running') return stay(state)
  return openLateGate({ ...state, salvages: drop(state.salvages, source) }, at, source)
}

const giveUp = (state: State, at: Stamp, source: string, run: number): Step => {
  const why = reason(
    `${nameOfSource(state.plan, source)}: the disks answer too slowly to look for its last seconds now`,
    `salvage of run ${run} took longer than ${SALVAGE_MS} ms; its fragments stay on disk, not journalled`,
  )
  const body = { kind: 'source', source, run, to: state.sources[source]?.is ?? 'off', reason: why } as const
  return follow({ state, commands: write(state, at, body, why) }, (next) => endSalvage(next, at, source))
}

/** Begins what is due, and gives up what takes too long. */
export const tickSalvages = (state: State, at: Stamp): Step => {
  let step = stay(state)
  for (const [source, salvage] of Object.entries(state.salvages)) {
    if (salvage.is === 'owed' && at.atMs >= salvage.dueMs)
      step = follow(step, (next) => begin(next, at, source, salvage.run, salvage.reason))
    else if (salvage.is === 'running' && at.atMs - salvage.sinceMs > SALVAGE_MS)
      step = follow(step, (next) => giveUp(next, at, source, salvage.run))
  }
  return step
}
