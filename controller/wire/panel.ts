/**
 * What host and front panel say to each other, beside Firmata on the same line: `firmware/panel/protocol.h` in
 * TypeScript. A test reads that file and keeps the two equal. The lists are in the order of their numbers on the line.
 */
import type { Button } from './clerk.ts'
import { encodePanel, numberAt } from './panel-frame.ts'

export const PANEL_PROTOCOL = 1
export const PANEL_BAUD = 57_600
export const PANEL_STATE_MS = 500
/** A button that is held for so long is pressed long. */
export const PANEL_LONG_MS = 800

export const PANEL_ROLES = ['clerk', 'judge', 'second'] as const
export type PanelRole = (typeof PANEL_ROLES)[number]
/** As people call them, at the beginning of a sentence. */
export const PANEL_NAMES: Readonly<Record<PanelRole, string>> = {
  clerk: 'The front panel',
  judge: "The judge's lamp",
  second: 'The second panel',
}

export const PANEL_BUTTONS = ['rec', 'off', 'stop', 'mark'] as const satisfies readonly Button[]
export type PanelButton = (typeof PANEL_BUTTONS)[number]

export const PANEL_LAMPS = ['rec', 'off', 'fault', 'disk', 'net'] as const
export type PanelLamp = (typeof PANEL_LAMPS)[number]

/** How a lit lamp shows: a pattern, so that nobody needs to tell colours apart. */
export const PANEL_PATTERNS = ['steady', 'blinking', 'flashing', 'winking'] as const
export type PanelPattern = (typeof PANEL_PATTERNS)[number]

export type LampShow = 'dark' | PanelPattern
/** What every lamp shall show. */
export type LampShows = Readonly<Record<PanelLamp, LampShow>>

/** From 1. */
export const PANEL_KINDS = ['press', 'release', 'long'] as const
export type PanelKind = (typeof PANEL_KINDS)[number]

/** By bit. */
export const PANEL_CAUSES = ['power', 'external', 'brownout', 'watchdog'] as const
export type PanelCause = (typeof PANEL_CAUSES)[number]

/** How the panel is: comes twice a second, and as the answer to each beat. */
export interface PanelState {
  is: 'state'
  protocol: number
  role: PanelRole
  /** Counts the panel's cold starts. */
  epoch: number
  /** Starts in this epoch. */
  boots: number
  /** What the last start came from; empty where a bootloader hides it. */
  causes: PanelCause[]
  watchdogs: number
  clockMs: number
  /** Number of the last beat it heard. */
  beat: number
  /** Whether it hears beats, and so shows what the host wants. */
  isHostKnown: boolean
  down: PanelButton[]
  /** Held for half a minute, or since power came. */
  stuck: PanelButton[]
  /** Lamps as the host wants them. */
  lit: PanelLamp[]
  waiting: number
  /** Events for which no room was left, in this epoch. */
  lost: number
  lineErrors: number
}

/** What a button did. Epoch and number name it for good. */
export interface PanelEvent {
  is: 'event'
  epoch: number
  number: number
  button: PanelButton
  kind: PanelKind
  /** It happened while the host was silent. */
  isFromAway: boolean
  /** The panel was reset since, so age and duration are at least what is said. */
  isFromBeforeReset: boolean
  /** How long the button was held; 0 for a press. */
  durationMs: number
  ageMs: number
}

export type FromPanel = PanelState | PanelEvent

const BEAT = 0x01
const ACK = 0x02
const LAMP_TEST = 0x03
const STATE = 0x41
const STATE_BYTES = 22
const EVENT = 0x42
const EVENT_BYTES = 15
const FLAG_AWAY = 1
const FLAG_RESET = 2

/** Numbers as they stand in `protocol.h`, for the test that compares. */
export const PANEL_NUMBERS = { BEAT, ACK, LAMP_TEST, STATE, STATE_BYTES, EVENT, EVENT_BYTES, FLAG_AWAY, FLAG_RESET }

const set = <T>(names: readonly T[], bits: number): T[] => names.filter((_, i) => bits & (1 << i))

const stateOf = (fields: Uint8Array): PanelState | null => {
  const role = PANEL_ROLES[fields[1]!]
  if (!role) return null
  return {
    is: 'state',
    protocol: fields[0]!,
    role,
    epoch: numberAt(fields, 2, 2),
    boots: numberAt(fields, 4, 2),
    causes: set(PANEL_CAUSES, fields[6]!),
    watchdogs: numberAt(fields, 7, 2),
    clockMs: numberAt(fields, 9, 4),
    beat: fields[13]!,
    isHostKnown: fields[14]! === 1,
    down: set(PANEL_BUTTONS, fields[15]!),
    stuck: set(PANEL_BUTTONS, fields[16]!),
    lit: set(PANEL_LAMPS, fields[17]!),
    waiting: fields[18]!,
    lost: numberAt(fields, 19, 2),
    lineErrors: fields[21]!,
  }
}

const eventOf = (fields: Uint8Array): PanelEvent | null => {
  const button = PANEL_BUTTONS[fields[4]!]
  const kind = PANEL_KINDS[fields[5]! - 1]
  if (!button || !kind) return null
  return {
    is: 'event',
    epoch: numberAt(fields, 0, 2),
    number: numberAt(fields, 2, 2),
    button,
    kind,
    isFromAway: (fields[6]! & FLAG_AWAY) !== 0,
    isFromBeforeReset: (fields[6]! & FLAG_RESET) !== 0,
    durationMs: numberAt(fields, 7, 4),
    ageMs: numberAt(fields, 11, 4),
  }
}

/** @param body kind and fields of a message whose check was right; null for one that this host does not know */
export const parsePanel = (body: Uint8Array): FromPanel | null => {
  const fields = body.subarray(1)
  if (body[0] === STATE && fields.length === STATE_BYTES) return stateOf(fields)
  if (body[0] === EVENT && fields.length === EVENT_BYTES) return eventOf(fields)
  return null
}

/** The recorder is well, and this is how lit lamps shall show. */
export const panelBeat = (number: number, patterns: Readonly<Record<PanelLamp, PanelPattern>>): Uint8Array =>
  encodePanel(BEAT, [
    [number & 0x7f, 1],
    ...PANEL_LAMPS.map((lamp) => [PANEL_PATTERNS.indexOf(patterns[lamp]), 1] as const),
  ])

/** The event is taken; the panel may forget it. */
export const panelAck = ({ epoch, number }: Pick<PanelEvent, 'epoch' | 'number'>): Uint8Array =>
  encodePanel(ACK, [
    [epoch, 2],
    [number, 2],
  ])

export const panelLampTest = (): Uint8Array => encodePanel(LAMP_TEST, [])
