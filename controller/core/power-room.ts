/** The power machine within the room: what its changes mean for the hearing and its journal (R18, R29). */
import { type Reason, reason } from '../base/reason.ts'
import { MINUTE_MS, SECOND_MS } from '../base/units.ts'
import type { EntryBody } from '../journal/entry.ts'
import { batteryLeftMs, heardPower, isOnBattery } from './battery.ts'
import type { Command } from './command.ts'
import type { Stamp } from './event.ts'
import { closeHearing } from './hearing.ts'
import { stepSupply } from './power.ts'
import type { State, Supply } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { write } from './write.ts'

/** A flicker is journalled at once; those that follow so soon are added up to one line. */
export const FLICKERS_MS = 10_000

type PowerTo = Extract<EntryBody, { kind: 'power' }>['to']

const line = (state: State, at: Stamp, to: PowerTo, why: Reason): Command[] =>
  write(state, at, { kind: 'power', to, reason: why }, why)

/** `12 seconds`, `3 minutes` */
const lengthText = (ms: number): string =>
  ms < 2 * MINUTE_MS ? `${Math.round(ms / SECOND_MS)} seconds` : `${Math.round(ms / MINUTE_MS)} minutes`

/** Why the room is not on mains, or soon ends; null on mains, and while it only flickers. */
export const powerReason = (state: State, atMs: number): Reason | null => {
  const { supply } = state.power
  if (!isOnBattery(supply)) return null
  const leftMs = batteryLeftMs(state, atMs)
  const forMs = Math.round(atMs - supply.sinceMs)
  const engineer = `mains lost ${forMs} ms ago, ${leftMs === null ? 'no forecast' : `forecast ${Math.round(leftMs)} ms`}`
  if (supply.is === 'ending') {
    const what = state.plan.power.keepsHearing
      ? 'the recording is interrupted in order'
      : 'the hearing is being closed in order'
    return reason(
      supply.isBack
        ? `The battery was low: ${what}. The mains is back: the recorder starts again at once`
        : `The battery is low: ${what}, and the recorder switches itself off`,
      engineer,
    )
  }
  if (supply.is === 'battery-low') return reason('The mains is gone and the battery is low', engineer)
  const left = leftMs === null ? '' : `; it lasts about ${lengthText(leftMs)} more`
  return reason(`The mains is gone: the recorder runs on its battery${left}`, engineer)
}

/** Takes what board and UPS say now into the power machine. */
export const judgePower = (state: State, at: Stamp): Step => {
  const heard = heardPower(state, at.atMs)
  const { supply } = state.power
  const next = stepSupply(supply, heard, at.atMs)
  const power = { ...state.power, wasOnMains: state.power.wasOnMains || heard.mains === true }
  if (next === supply && power.wasOnMains === state.power.wasOnMains) return tellFlickers(state, at)
  return follow(turn({ ...state, power: { ...power, supply: next } }, at, supply), (now) => tellFlickers(now, at))
}

/** `before` is what the supply was; the state holds what it has become. */
const turn = (state: State, at: Stamp, before: Supply): Step => {
  const { supply } = state.power
  if (supply.is === before.is) {
    // Only of an end it matters that the mains came back, or went again.
    if (supply === before || supply.is !== 'ending') return stay(state)
    return { state, commands: line(state, at, supply.isBack ? 'mains' : 'ending', powerReason(state, at.atMs)!) }
  }
  if (supply.is === 'flickering') return stay(state)
  if (supply.is === 'mains') return backOnMains(state, at, before)
  const why = powerReason(state, at.atMs)!
  const told: Step = { state, commands: line(state, at, supply.is, why) }
  return supply.is === 'ending' ? follow(told, (next) => beginEnd(next, at, why)) : told
}

const backOnMains = (state: State, at: Stamp, before: Supply): Step => {
  if (before.is === 'mains') return stay(state)
  const forMs = at.atMs - before.sinceMs
  if (before.is !== 'flickering') {
    const why = reason(`The mains is back after ${lengthText(forMs)}`, `away for ${Math.round(forMs)} ms`)
    return { state, commands: line(state, at, 'mains', why) }
  }
  const { flickers } = state.power
  const longestMs = Math.max(flickers.longestMs, forMs)
  return stay({
    ...state,
    power: { ...state.power, flickers: { ...flickers, count: flickers.count + 1, longestMs } },
  })
}

/** The same end as when a person asks for it, unless the hearing shall go on at the next start; then the machine is off. */
const beginEnd = (state: State, at: Stamp, why: Reason): Step => {
  if (state.shuttingDown) return stay(state)
  const next: State = { ...state, shuttingDown: why }
  return state.plan.power.keepsHearing ? stay(next) : closeHearing(next, at, why)
}

const tellFlickers = (state: State, at: Stamp): Step => {
  const { count, longestMs, toldMs } = state.power.flickers
  if (!count || (toldMs !== null && at.atMs - toldMs < FLICKERS_MS)) return stay(state)
  const times = count === 1 ? 'for a moment' : `${count} times for a moment`
  const why = reason(`The mains was away ${times}`, `${count} times, at longest ${Math.round(longestMs)} ms`)
  const flickers = { count: 0, longestMs: 0, toldMs: at.atMs }
  return { state: { ...state, power: { ...state.power, flickers } }, commands: line(state, at, 'flicker', why) }
}

/** Without mains when the hearing began. */
export const writePower = (state: State, at: Stamp): Command[] => {
  const { supply } = state.power
  const why = powerReason(state, at.atMs)
  return why && isOnBattery(supply) ? line(state, at, supply.is, why) : []
}
