/** What is wrong now, each thing with its code in trouble-table.ts (R26). A view: nothing is remembered here. */
import { type Reason, reason } from '../base/reason.ts'
import { absenceOf } from './condition.ts'
import { findingsOf } from './disk.ts'
import { hoursForecast } from './forecast.ts'
import { powerTroubles } from './power-trouble.ts'
import type { State } from './state.ts'
import type { TroubleCode } from './trouble-table.ts'
import { nameOfPanel } from './words.ts'

export interface Trouble {
  code: TroubleCode
  /** Name of the store, source, track or hearing; empty for the whole room. */
  about: string
  why: Reason
  /** Only a source that the court requires makes the lamp blink. */
  required: boolean
}

/** Voice is welcome, and a clipped word is still a recorded one: neither is a trouble. */
const OF_SIGNAL: Readonly<Record<string, TroubleCode>> = {
  silent: 'SOUND_SILENT',
  black: 'PICTURE_BLACK',
  frozen: 'PICTURE_FROZEN',
  stalled: 'TRACK_STALLED',
}

/** The alarms of a track, such as `stalled` or `silent`. */
export const alarmsOf = (signals: Record<string, Reason>): string[] =>
  Object.keys(signals).filter((what) => what !== 'voice')

const one = (code: TroubleCode, about: string, why: Reason, required = true): Trouble => ({
  code,
  about,
  why,
  required,
})

const sourceTroubles = (state: State): Trouble[] => {
  const open = state.hearing.is === 'recording' || state.hearing.is === 'off-record'
  const told = state.plan.sources.flatMap(({ name, required }) => {
    const source = state.sources[name]
    if (!source) return []
    // Out of a hearing, the first start is no trouble.
    const isTold = open || ('attempt' in source && source.attempt > (source.is === 'waiting' ? 0 : 1))
    const absence = absenceOf(state, name)
    return absence && isTold ? [one('SOURCE_AWAY', name, absence, required)] : []
  })
  if (told.length < state.plan.sources.length) return told
  const why = reason('NO CAMERA AND NO MICROPHONE: there is nothing to record', 'no source is live')
  return [one('NO_SOURCE', '', why), ...told]
}

const trackTroubles = (state: State): Trouble[] => {
  const required = new Set(state.plan.sources.filter((source) => source.required).map(({ name }) => name))
  return Object.values(state.tracks).flatMap(({ config, signals }) =>
    Object.entries(signals).flatMap(([what, why]) => {
      const code = OF_SIGNAL[what]
      return code ? [one(code, config.name, why, required.has(config.source))] : []
    }),
  )
}

const storeTroubles = (state: State): Trouble[] => {
  const stores = Object.entries(state.stores)
  const told = stores.flatMap(([name, store]) => {
    if (store.is === 'failed') return [one('DISK_FAILED', name, store.reason)]
    return store.is === 'late' ? [one('DISK_LATE', name, store.reason)] : []
  })
  if (!stores.every(([, store]) => store.is === 'failed')) return told
  const why = reason(
    'NO DISK: nothing can be saved. Interrupt the hearing and call technical support',
    'every store has failed',
  )
  return [one('NO_DISK', '', why), ...told]
}

/** Whoever presses must have buttons; a lamp that is gone is missed, and nothing else is. */
const panelTroubles = (state: State): Trouble[] =>
  state.plan.panels.flatMap(({ name, role }) => {
    const panel = state.panels[name]
    if (panel?.is === 'lost') return [one('PANEL_AWAY', name, panel.reason, role === 'clerk')]
    if (panel?.is !== 'found') return []
    const what = nameOfPanel(state.plan, name)
    const { stuck, lostPresses } = panel
    const buttons = stuck.map((button) => button.toUpperCase()).join(', ')
    const stuckWhy = reason(`${what}: ${buttons} is stuck or held all the time`, `${name}: ${stuck.join(', ')} stuck`)
    const lostWhy = reason(`${what} has lost presses`, `${name}: no room for ${lostPresses} events since it has power`)
    return [
      ...(stuck.length ? [one('BUTTON_STUCK', name, stuckWhy)] : []),
      ...(lostPresses ? [one('PRESSES_LOST', name, lostWhy)] : []),
    ]
  })

/** What the disks themselves tell of, and whether there is room for a hearing. */
const diskTroubles = (state: State): Trouble[] => {
  const found = state.plan.stores.flatMap((store) =>
    findingsOf(state, store).map(({ code, why }) => one(code, store, why)),
  )
  const open = state.hearing.is !== 'idle' && state.hearing.is !== 'closed'
  const hours = hoursForecast(state)
  const { expectedHours } = state.plan
  if (open || hours === null || hours >= expectedHours) return found
  const why = reason(
    `The disks hold only ${hours.toFixed(1)} more hours; a hearing needs ${expectedHours}`,
    `${hours.toFixed(3)} hours left on the best good store`,
  )
  return [one('NO_ROOM', '', why), ...found]
}

/** Disks and panels are looked at all the time: what was wrong with them at the test may be mended by now. */
const TOLD_LIVE = /^(disk|store|panel) /

/** What the last self-test found stays a trouble until another one finds it in order. */
const selfTestTroubles = ({ selfTest }: State): Trouble[] => {
  const failed = (selfTest ?? []).filter(({ what, ok }) => !ok && !TOLD_LIVE.test(what))
  if (!failed.length) return []
  const clerk = `The self-test found a fault: ${failed.map(({ what }) => what).join(', ')}`
  return [one('SELF_TEST_FAILED', '', reason(clerk, failed.map(({ what, detail }) => `${what}: ${detail}`).join('; ')))]
}

/** All troubles of the room, in no order of gravity. */
export const troublesOf = (state: State): Trouble[] => [
  ...storeTroubles(state),
  ...diskTroubles(state),
  ...sourceTroubles(state),
  ...trackTroubles(state),
  ...panelTroubles(state),
  ...(state.witnessAway ? [one('WITNESS_AWAY', '', state.witnessAway)] : []),
  ...(state.hubAway ? [one('HUB_AWAY', '', state.hubAway)] : []),
  ...(state.unsigned ? [one('UNSIGNED', '', state.unsigned)] : []),
  ...Object.entries(state.scrub.troubles).map(([hearing, why]) => one('HEARING_SPOILED', hearing, why)),
  ...powerTroubles(state),
  ...selfTestTroubles(state),
  ...(state.clockStep ? [one('CLOCK_STEPPED', '', state.clockStep.reason)] : []),
]
