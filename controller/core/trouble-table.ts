/** Every trouble there can be: how grave it is, what it is about, and what to do. What is wrong now is found in trouble.ts. */
import type { Area, Severity } from '../wire/health.ts'
import { DISK_KINDS } from './disk-table.ts'

export interface TroubleKind {
  area: Area
  severity: Severity
  /** Keeps the REC lamp from being steady: what is being recorded now may not all be on disk, or not as it was. */
  blinks: boolean
  toDo: string
}

const SOURCE = { area: 'source', severity: 'degraded', blinks: true } as const
const DISK = { area: 'disk', severity: 'failed' } as const

export const TROUBLES = {
  NO_DISK: { ...DISK, blinks: true, toDo: 'NOTHING IS BEING SAVED. Interrupt the hearing and call support.' },
  NO_ROOM: { ...DISK, blinks: false, toDo: 'No hearing can begin. Have earlier hearings archived, or call support.' },
  ...DISK_KINDS,
  NO_SOURCE: { ...SOURCE, severity: 'failed', toDo: 'Check power and network of the rack; then call support.' },
  SOURCE_AWAY: { ...SOURCE, toDo: 'Check its power and its cable. It is tried again by itself; the others go on.' },
  TRACK_STALLED: { ...SOURCE, toDo: 'Check its cable and power. If it does not come back, go on without it or wait.' },
  PICTURE_BLACK: { ...SOURCE, toDo: 'Is the lens covered, or the room dark?' },
  PICTURE_FROZEN: { ...SOURCE, toDo: 'Does the camera hang? Unplug its power for ten seconds.' },
  SOUND_SILENT: { ...SOURCE, toDo: 'Is the microphone switched on? Say a word into it.' },
  UNSIGNED: {
    ...{ area: 'proof', severity: 'degraded', blinks: false },
    toDo: 'Go on with the hearing, and call support: what is recorded now cannot be proved as well.',
  },
  HEARING_SPOILED: {
    ...{ area: 'disk', severity: 'degraded', blinks: false },
    toDo: 'Call support: an earlier hearing on this disk needs them. The present one is not touched.',
  },
  WITNESS_AWAY: {
    ...{ area: 'network', severity: 'watch', blinks: false },
    toDo: 'Go on: what it did not see is shown to it later. If it stays for a day, call support.',
  },
  HUB_AWAY: {
    ...{ area: 'network', severity: 'watch', blinks: false },
    toDo: 'Go on: what happened is kept and told later. If it stays for a day, call support.',
  },
  PANEL_AWAY: {
    ...{ area: 'panel', severity: 'degraded', blinks: false },
    toDo: 'Look at its cable and plug it in again. Recording does not need it; until then press buttons at the computer.',
  },
  BUTTON_STUCK: {
    ...{ area: 'panel', severity: 'watch', blinks: false },
    toDo: 'Free the button, or have the panel replaced.',
  },
  PRESSES_LOST: {
    ...{ area: 'panel', severity: 'watch', blinks: false },
    toDo: 'Press again what had no effect. If it comes again, have the panel replaced: a contact chatters.',
  },
  ON_BATTERY: {
    ...{ area: 'power', severity: 'degraded', blinks: false },
    toDo: 'Go on for now, and find out why the mains is gone. The hearing is closed in order before the battery ends.',
  },
  BATTERY_LOW: {
    ...{ area: 'power', severity: 'degraded', blinks: false },
    toDo: 'INTERRUPT THE HEARING: the recorder closes it and switches itself off within a minute.',
  },
  BATTERY_EMPTY: {
    ...{ area: 'power', severity: 'watch', blinks: false },
    toDo: 'Nothing, if the mains was away today: it is being charged. Otherwise have the battery replaced.',
  },
  BATTERY_WORN: { area: 'power', severity: 'watch', blinks: false, toDo: 'Have the battery of the UPS replaced.' },
  BOARD_AWAY: {
    ...{ area: 'power', severity: 'watch', blinks: false },
    toDo: 'Recording is not touched. Call support: a power cut would not be noticed in time.',
  },
  UPS_AWAY: {
    ...{ area: 'power', severity: 'watch', blinks: false },
    toDo: 'Recording is not touched. Check the cable between UPS and recorder; then call support.',
  },
  CASE_OPEN: {
    area: 'room',
    severity: 'watch',
    blinks: false,
    toDo: 'Close the case; if nobody opened it, call support.',
  },
  TOO_HOT: {
    ...{ area: 'room', severity: 'degraded', blinks: false },
    toDo: 'Open the rack, clear its air slots, and call support.',
  },
  SELF_TEST_FAILED: {
    ...{ area: 'room', severity: 'watch', blinks: false },
    toDo: 'Before the next hearing: "verbatim selftest" says what to do for each part, and tests again.',
  },
  CLOCK_STEPPED: { area: 'clock', severity: 'watch', blinks: true, toDo: 'Nothing, unless it happens again.' },
} as const satisfies Record<string, TroubleKind>

export type TroubleCode = keyof typeof TROUBLES
