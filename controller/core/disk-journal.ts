/** Journal lines for what begins and ends to be wrong with a disk: it stands in the hearing that was recorded on it (R18). */
import { reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import { findingsOf } from './disk.ts'
import type { DiskFinding } from './disk-rules.ts'
import { diskVerdictOf } from './disk-table.ts'
import type { Stamp } from './event.ts'
import type { State } from './state.ts'
import type { Step } from './step.ts'
import { nameOfStore } from './words.ts'
import { openHearingOf, write } from './write.ts'

const line = (state: State, at: Stamp, store: string, { code, why }: DiskFinding, begun: boolean): Command[] => {
  const verdict = diskVerdictOf(findingsOf(state, store).map((one) => one.code))
  const told = begun ? why : reason(`${nameOfStore(store)}: this is over: ${why.clerk}`, why.engineer)
  const turn = begun ? 'begun' : 'ended'
  return write(state, at, { kind: 'disk', store, what: code, state: turn, verdict, reason: told }, told)
}

/** What has changed since `before`, once each. */
export const tellDisks = (before: State, state: State, at: Stamp): Step => {
  if (before.disks === state.disks || !openHearingOf(state.hearing)) return { state, commands: [] }
  const commands = state.plan.stores.flatMap((store) => {
    const [was, is] = [findingsOf(before, store), findingsOf(state, store)]
    const lacks = (list: DiskFinding[]) => (one: DiskFinding) => !list.some(({ code }) => code === one.code)
    return [
      ...is.filter(lacks(was)).flatMap((one) => line(state, at, store, one, true)),
      ...was.filter(lacks(is)).flatMap((one) => line(state, at, store, one, false)),
    ]
  })
  return { state, commands }
}

/** What was already wrong when a hearing began. */
export const writeDisks = (state: State, at: Stamp): Command[] =>
  state.plan.stores.flatMap((store) => findingsOf(state, store).flatMap((one) => line(state, at, store, one, true)))
