/** What `decide` gives back, and how its parts are strung together. */
import type { Command } from './command.ts'
import type { State } from './state.ts'

export interface Step {
  state: State
  commands: Command[]
}

/** Nothing changes and nothing is to be done. */
export const stay = (state: State): Step => ({ state, commands: [] })

/** One step after the other; the commands keep their order. */
export const follow = (first: Step, ...next: ((state: State) => Step)[]): Step => {
  let state = first.state
  let commands = first.commands
  for (const take of next) {
    const step = take(state)
    state = step.state
    if (step.commands.length) commands = [...commands, ...step.commands]
  }
  return { state, commands }
}

/** The record with one value changed. */
export const put = <T>(record: Record<string, T>, key: string, value: T): Record<string, T> => ({
  ...record,
  [key]: value,
})

/** The record without a key; the very same record when it was not there. */
export const drop = <T>(record: Record<string, T>, key: string): Record<string, T> => {
  if (!Object.hasOwn(record, key)) return record
  const { [key]: _gone, ...rest } = record
  return rest
}
