/**
 * The lines of the board: what is wired to the recorder beside cameras and microphones, by meaning. Also what a virtual
 * board says on its socket, and hears: one JSON object a line.
 */
import { z } from 'zod'

/** What comes in. `active` is always what the name says, whatever the level on the wire. */
export const BOARD_INPUTS = [
  'mains-good',
  'battery-low',
  'disk-bay-1-fault',
  'disk-bay-2-fault',
  'case-open',
  'over-temperature',
] as const
export const BoardInput = z.enum(BOARD_INPUTS)
export type BoardInput = z.output<typeof BoardInput>

/** What goes out. */
export const BOARD_OUTPUTS = ['camera-power', 'buzzer', 'watchdog-kick'] as const
export const BoardOutput = z.enum(BOARD_OUTPUTS)
export type BoardOutput = z.output<typeof BoardOutput>

/** What each line means while it is active; printed in `hardware/profiles/README.md`. */
export const LINE_MEANINGS: Readonly<Record<BoardInput | BoardOutput, string>> = {
  'mains-good': 'the mains is there',
  'battery-low': 'the battery lasts a few minutes more; the hearing is ended in order',
  'disk-bay-1-fault': 'the bay of the first disk reports a fault',
  'disk-bay-2-fault': 'the bay of the second disk reports a fault',
  'case-open': 'the case is open',
  'over-temperature': 'it is too hot in the case',
  'camera-power': 'the cameras have power',
  buzzer: 'the buzzer sounds',
  'watchdog-kick': 'changes while the recorder is well; a watchdog that sees no change restarts the machine',
}

/** Whether each input is active; a board says this at once to whoever connects, and has every line it knows in it. */
const Lines = z.partialRecord(BoardInput, z.boolean())

export const FromBoard = z.discriminatedUnion('is', [
  z
    .strictObject({ is: z.literal('lines'), lines: Lines.describe('every input, and whether it is active') })
    .describe('The first word'),
  z.strictObject({ is: z.literal('line'), line: BoardInput, active: z.boolean() }).describe('An input has changed'),
])
export type FromBoard = z.output<typeof FromBoard>

export const ToBoard = z.discriminatedUnion('do', [
  z
    .strictObject({ do: z.literal('set'), line: BoardOutput, active: z.boolean() })
    .describe('An output shall be so; every output after connecting, then each change'),
])
export type ToBoard = z.output<typeof ToBoard>
