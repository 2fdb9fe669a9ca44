/** How long the battery still lasts, and what is heard of the power. Views: nothing is remembered here. */
import type { Heard } from './power.ts'
import type { State, Supply } from './state.ts'

/** Without mains, for longer than a flicker. */
export const isOnBattery = (supply: Supply): supply is Exclude<Supply, { is: 'mains' | 'flickering' }> =>
  supply.is !== 'mains' && supply.is !== 'flickering'

const upsLeftMs = ({ ups }: State, atMs: number): number | null => {
  if (ups.is !== 'heard' || ups.reading.runtimeMs === null) return null
  return Math.max(0, ups.reading.runtimeMs - (atMs - ups.heardMs))
}

const plannedLeftMs = ({ plan, power: { supply } }: State, atMs: number): number | null => {
  const { batteryMs } = plan.power
  return batteryMs === null || !isOnBattery(supply) ? null : Math.max(0, batteryMs - (atMs - supply.sinceMs))
}

/** By the UPS' own forecast, or by the configured one; null on mains, or when nobody knows. */
export const batteryLeftMs = (state: State, atMs: number): number | null =>
  isOnBattery(state.power.supply) ? (upsLeftMs(state, atMs) ?? plannedLeftMs(state, atMs)) : null

const lineOf = ({ board }: State, line: 'mains-good' | 'battery-low'): boolean | null =>
  board.is === 'found' ? (board.lines[line] ?? null) : null

/** Whether the battery itself says that it is low; null when nothing here could say so. */
export const saidLow = (state: State): boolean | null => {
  const said = [lineOf(state, 'battery-low'), state.ups.is === 'heard' ? state.ups.reading.isLow : null]
  return said.every((one) => one === null) ? null : said.some((one) => one === true)
}

/** Board and UPS together: the worse news counts. The configured forecast ends a hearing only where no battery can speak. */
export const heardPower = (state: State, atMs: number): Heard => {
  const { reserveMs } = state.plan.power
  const mains = [lineOf(state, 'mains-good'), state.ups.is === 'heard' ? !state.ups.reading.isOnBattery : null]
  const low = saidLow(state)
  const leftMs = upsLeftMs(state, atMs) ?? (low === null ? plannedLeftMs(state, atMs) : null)
  return {
    mains: mains.every((one) => one === null) ? null : mains.every((one) => one !== false),
    isLow: low === true || (leftMs !== null && leftMs <= reserveMs),
    mayEnd: state.power.wasOnMains,
  }
}
