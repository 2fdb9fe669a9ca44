/** `hardware/wiring/wiring.json`: what hangs on each line of a board, on each pin of a panel, and on which cable in the room. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { BOARD_INPUTS, BOARD_OUTPUTS } from '../../../../controller/wire/board.ts'

const Text = z.string().min(1).max(90)

const Line = z.strictObject({
  how: z.enum(['contact', 'open-collector', 'optocoupler', 'relay', 'transistor', 'direct']),
  device: Text,
  place: Text,
  wire: Text,
  why: Text,
})
export type WiredLine = z.output<typeof Line>

const PanelPin = z.strictObject({ how: z.enum(['button', 'strap', 'lamp']), device: Text, wire: Text })
export type PanelPin = z.output<typeof PanelPin>

const Box = z.strictObject({ label: Text, more: Text, at: z.tuple([z.number(), z.number()]) })
export type Box = z.output<typeof Box>

const Cable = z.strictObject({
  from: z.string(),
  to: z.string(),
  label: Text,
  side: z
    .boolean()
    .default(false)
    .describe('leaves and arrives at the left or right side although one stands below the other'),
  leave: z.number().default(0).describe('so far below the middle of the box on the left'),
  arrive: z.number().default(0).describe('so far below the middle of the box on the right'),
  bend: z.number().min(0).max(1).default(0.5).describe('where between the two it bends'),
})
export type Cable = z.output<typeof Cable>

const Wiring = z.strictObject({
  supplyVolts: z.number(),
  lines: z.record(z.enum([...BOARD_INPUTS, ...BOARD_OUTPUTS]), Line),
  panel: z.strictObject({ pins: z.record(z.string(), PanelPin) }),
  room: z.strictObject({ boxes: z.record(z.string(), Box), cables: z.array(Cable) }),
})
export type Wiring = z.output<typeof Wiring>

/** Throws when a line has no wiring, or a cable no end. */
export const readWiring = (): Wiring => {
  const wiring = Wiring.parse(JSON.parse(readFileSync('hardware/wiring/wiring.json', 'utf8')))
  for (const { from, to } of wiring.room.cables)
    for (const end of [from, to])
      if (!wiring.room.boxes[end]) throw new Error(`a cable ends at ${end}, which is no box`)
  return wiring
}
