/** What can be switched, pressed and seen in the virtual courtroom, whoever does it: the page, a person or a test. */
import type { RoomPanel } from '../panel/room-panel.ts'

/** What a switch belongs to; the page draws each kind in its own way. */
export const SWITCH_KINDS = [
  'camera',
  'microphone',
  'interface',
  'disk',
  'bay-fault',
  'mains',
  'battery',
  'case',
  'temperature',
  'panel',
  'recorder',
] as const
export type SwitchKind = (typeof SWITCH_KINDS)[number]

export interface Switch {
  /** Such as `camera.judge-camera`. */
  id: string
  kind: SwitchKind
  /** Of the camera, microphone, bay or panel; empty where there is only one. */
  name: string
  /** In the order in which one press after the other turns it; the first is how it should be. */
  positions: readonly string[]
  position: () => string
  /** Fulfilled once it is really so. */
  turn: (position: string) => Promise<void>
}

/** What the recorder has switched. */
export interface Outputs {
  [name: string]: boolean
}

export interface Room {
  switches: readonly Switch[]
  panels: readonly RoomPanel[]
  outputs: () => Outputs
  /** Told whenever something in the room has changed; says how to be told no more. */
  onChange: (tell: (what: 'switches' | 'lamps') => void) => () => void
}
