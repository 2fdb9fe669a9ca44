/** What the page is told: everything it draws, and nothing that a person in the room could not see or ask for. */
import type { Status } from '../../../controller/wire/clerk.ts'
import type { PanelButton } from '../../../controller/wire/panel.ts'
import type { VirtualLamp } from '../panel/virtual-panel.ts'
import type { Room, SwitchKind } from '../room/room.ts'
import type { Rhythms, WatchedLamps } from './watched-lamps.ts'

export interface SwitchView {
  id: string
  kind: SwitchKind
  name: string
  positions: readonly string[]
  position: string
}

export interface PanelView {
  role: string
  isPlugged: boolean
  lit: readonly VirtualLamp[]
  held: readonly PanelButton[]
  rhythms: Rhythms
}

/** The recorder's own words, or why there are none. */
export type RecorderView = { is: 'answering'; status: Status } | { is: 'silent'; code: string; text: string }

export interface RoomView {
  switches: SwitchView[]
  outputs: Record<string, boolean>
}

/** Each is an event of `/events`, by this name; the first of each comes at once. */
export interface PageEvents {
  room: RoomView
  panels: PanelView[]
  recorder: RecorderView
}

export const roomView = (room: Room): RoomView => ({
  switches: room.switches.map(({ id, kind, name, positions, position }) => ({
    ...{ id, kind, name, positions },
    position: position(),
  })),
  outputs: { ...room.outputs() },
})

export const panelsView = (room: Room, lamps: readonly WatchedLamps[]): PanelView[] =>
  room.panels.map(({ role, isPlugged, lit, held }, i) => ({
    ...{ role, isPlugged, lit, held },
    rhythms: lamps[i]!.rhythms(),
  }))
