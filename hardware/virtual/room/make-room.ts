/** Makes a room of its parts: every part brings its switches, and the table below says which. */
import { EventEmitter } from 'node:events'
import type { BoardInput } from '../../../controller/wire/board.ts'
import type { VirtualBoard } from '../board/virtual-board.ts'
import { CAMERA_POSITIONS, type CameraPosition } from '../camera-server.ts'
import type { Courtroom } from '../courtroom.ts'
import type { RoomPanel } from '../panel/room-panel.ts'
import type { VirtualBay } from './bay.ts'
import type { VirtualMicrophones } from './microphones.ts'
import type { Room, Switch, SwitchKind } from './room.ts'

/** Something that is there, or not. */
export interface Plug {
  isIn: () => boolean
  turn: (isIn: boolean) => Promise<void>
}

export interface Parts {
  courtroom: Pick<Courtroom, 'urls' | 'turnCamera' | 'speech' | 'panels'>
  microphones?: VirtualMicrophones
  bays?: readonly VirtualBay[]
  board?: VirtualBoard
  /** The recorder's process: killed, and started again. */
  recorder?: Plug
}

/** Which line of the board each switch is, and its positions: as it should be, and not. */
const LINES: readonly [BoardInput, SwitchKind, name: string, good: string, bad: string, isGoodActive: boolean][] = [
  ['mains-good', 'mains', '', 'in', 'out', true],
  ['battery-low', 'battery', '', 'charged', 'low', false],
  ['disk-bay-1-fault', 'bay-fault', '1', 'quiet', 'fault', false],
  ['disk-bay-2-fault', 'bay-fault', '2', 'quiet', 'fault', false],
  ['case-open', 'case', '', 'closed', 'open', false],
  ['over-temperature', 'temperature', '', 'cool', 'hot', false],
]

const idOf = (kind: SwitchKind, name: string): string => (name ? `${kind}.${name}` : kind)

const plugSwitch = (kind: SwitchKind, name: string, [good, bad]: readonly [string, string], plug: Plug): Switch => ({
  id: idOf(kind, name),
  kind,
  name,
  positions: [good, bad],
  position: () => (plug.isIn() ? good : bad),
  turn: (position) => plug.turn(position === good),
})

const cameraSwitches = ({ urls, turnCamera }: Parts['courtroom']): Switch[] =>
  Object.keys(urls).map((name) => {
    let is: CameraPosition = 'on'
    return {
      id: idOf('camera', name),
      kind: 'camera',
      name,
      positions: CAMERA_POSITIONS,
      position: () => is,
      turn: async (position) => {
        await turnCamera(name, position as CameraPosition)
        is = position as CameraPosition
      },
    }
  })

const microphoneSwitches = ({ speech }: Parts['courtroom'], microphones: VirtualMicrophones): Switch[] => [
  ...speech.channels.map(({ microphone }) =>
    plugSwitch('microphone', microphone, ['on', 'silent'], {
      isIn: () => microphones.isOn(microphone),
      turn: (isOn) => microphones.turn(microphone, isOn),
    }),
  ),
  plugSwitch('interface', '', ['in', 'out'], {
    isIn: () => microphones.isPlugged,
    turn: (isIn) => microphones.plug(isIn),
  }),
]

const baySwitch = (bay: VirtualBay, i: number): Switch =>
  plugSwitch('disk', `${i + 1}`, ['in', 'pulled'], {
    isIn: () => bay.isIn,
    turn: (isIn) => (isIn ? bay.pushIn() : bay.pull()),
  })

const lineSwitches = (board: VirtualBoard): Switch[] =>
  LINES.map(([line, kind, name, good, bad, isGoodActive]) =>
    plugSwitch(kind, name, [good, bad], {
      isIn: () => board.lines[line] === isGoodActive,
      turn: async (isGood) => board.set(line, isGood === isGoodActive),
    }),
  )

const panelSwitch = (panel: RoomPanel): Switch =>
  plugSwitch('panel', panel.role, ['in', 'out'], {
    isIn: () => panel.isPlugged,
    turn: (isIn) => (isIn ? panel.plug() : panel.unplug()),
  })

/** One turn after the other: a disk that is pushed in while it is being pulled would be neither. */
const inTurn = (switches: readonly Switch[], turned: () => void): Switch[] => {
  let last: Promise<void> = Promise.resolve()
  return switches.map((one) => ({
    ...one,
    turn: (position) => {
      const turn = last.then(() => one.turn(position)).finally(turned)
      last = turn.catch(() => {})
      return turn
    },
  }))
}

export const makeRoom = ({ courtroom, microphones, bays = [], board, recorder }: Parts): Room => {
  const panels = Object.values(courtroom.panels ?? {}) as RoomPanel[]
  const changes = new EventEmitter()
  // One for each page that looks on.
  changes.setMaxListeners(0)
  const switches = [
    ...cameraSwitches(courtroom),
    ...(microphones ? microphoneSwitches(courtroom, microphones) : []),
    ...bays.map(baySwitch),
    ...(board ? lineSwitches(board) : []),
    ...panels.map(panelSwitch),
    ...(recorder ? [plugSwitch('recorder', '', ['running', 'stopped'], recorder)] : []),
  ]
  if (board) board.onOutput = () => changes.emit('change', 'switches')
  for (const panel of panels) panel.onChange(() => changes.emit('change', 'lamps'))
  return {
    switches: inTurn(switches, () => changes.emit('change', 'switches')),
    panels,
    outputs: () => ({ ...board?.outputs }),
    onChange: (tell) => {
      changes.on('change', tell)
      return () => changes.off('change', tell)
    },
  }
}
