/**
 * Real lines, by onoff over /sys/class/gpio. Edges wake us where the chip has interrupts; every line is read from time to
 * time besides, for an expander without them, for edges that got lost, and to notice that it was pulled out.
 */
import { existsSync } from 'node:fs'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { BoardInput, BoardOutput } from '../../wire/board.ts'
import { type InputPlace, inputsOf, type OutputPlace, outputsOf, type SysfsProfile } from '../../wire/board-profile.ts'
import type { BoardLines, OpenLines } from './board-lines.ts'
import { findLine, GPIO_DIR, type GpioChip, gpioChips } from './find-line.ts'
import { loadGuardedGpio } from './guarded-gpio.ts'

const LOOK_MS = 250
/** A chip that is not answered by then hangs, and would hang a press that waits for the same thread. */
const READ_MS = 2_000
/** A line that changes more often between two looks is not listened to until the next. */
const MOST_EDGES = 50

type Guarded = Awaited<ReturnType<typeof loadGuardedGpio>>
type Gpio = InstanceType<Guarded>

interface Input {
  line: BoardInput
  gpio: Gpio
  hasEdges: boolean
  edges: number
}

export const sysfsLines =
  (profile: SysfsProfile): OpenLines =>
  async ({ onLevel, onLost }) => {
    const Gpio = await loadGuardedGpio()
    const chips = gpioChips()
    const inputs: Input[] = []
    const outputs = new Map<BoardOutput, Gpio>()
    let look: NodeJS.Timeout | null = null
    let isOpen = true

    const close = (): void => {
      isOpen = false
      if (look) clearTimeout(look)
      for (const { gpio } of inputs) quietly(() => gpio.unexport())
      // Not unexported: they would fall back to inputs, and a relay with them.
      for (const gpio of outputs.values()) quietly(() => gpio.letGo())
    }
    const lose = (fault: unknown): void => {
      if (!isOpen) return
      close()
      onLost(new VerbatimError('BOARD_LOST', `${profile.name}: ${messageOf(fault)}`, { cause: fault }))
    }

    try {
      for (const line of inputsOf(profile)) inputs.push(openInput(Gpio, chips, line, profile.inputs[line]!))
      for (const line of outputsOf(profile)) outputs.set(line, openOutput(Gpio, chips, line, profile.outputs[line]!))
    } catch (fault) {
      close()
      throw fault
    }
    // Behind the loop: closing must find what was opened.
    for (const input of inputs) input.gpio.onFault = lose
    for (const gpio of outputs.values()) gpio.onFault = lose

    const hear = (input: Input, level: number): void => {
      if (isOpen) onLevel(input.line, level === 1)
    }
    const listen = (input: Input): void => {
      if (!input.hasEdges) return
      input.edges = 0
      input.gpio.unwatchAll()
      input.gpio.watch((fault, level) => {
        if (fault) return lose(fault)
        if (++input.edges > MOST_EDGES) input.gpio.unwatchAll()
        hear(input, level)
      })
    }
    const readAll = async (): Promise<void> => {
      try {
        for (const input of inputs) {
          if (!isOpen) return
          hear(input, await within(READ_MS, input.gpio.read(), `reading ${input.line}`))
          if (input.edges > MOST_EDGES) listen(input)
          else input.edges = 0
        }
        if (isOpen) look = setTimeout(() => void readAll(), LOOK_MS)
      } catch (fault) {
        lose(fault)
      }
    }

    const lines: BoardLines = {
      set: (line, active) => {
        try {
          if (isOpen) outputs.get(line)?.writeSync(active ? 1 : 0)
        } catch (fault) {
          lose(fault)
        }
      },
      close,
    }
    // The first levels are known when this returns.
    try {
      for (const input of inputs) {
        listen(input)
        hear(input, await within(READ_MS, input.gpio.read(), `reading ${input.line}`))
      }
    } catch (fault) {
      close()
      throw new VerbatimError('BOARD_LOST', `${profile.name}: ${messageOf(fault)}`, { cause: fault })
    }
    look = setTimeout(() => void readAll(), LOOK_MS)
    return lines
  }

const quietly = (act: () => void): void => {
  try {
    act()
  } catch {
    // It is gone already.
  }
}

const unusable = (line: string, { chip, offset }: OutputPlace, cause: unknown): VerbatimError => {
  const busy = messageOf(cause).includes('EBUSY') ? ', used by the kernel or another program' : ''
  const where = `${line} at "${chip}" ${offset}`
  return new VerbatimError('BOARD_LINE_UNUSABLE', `${where}${busy}: ${messageOf(cause)}`, { cause })
}

/** A line that a crash left exported is taken as it is. */
const openInput = (Gpio: Guarded, chips: GpioChip[], line: BoardInput, place: InputPlace): Input => {
  const number = findLine(chips, place.chip, place.offset)
  try {
    const gpio = new Gpio(number, 'in', undefined, { activeLow: place.activeLow })
    // onoff waits for this file ten thousand times, though a chip without interrupts never gets it.
    const hasEdges = existsSync(`${GPIO_DIR}/gpio${number}/edge`)
    if (hasEdges) gpio.setEdge('both')
    return { line, gpio, hasEdges, edges: 0 }
  } catch (fault) {
    throw unusable(line, place, fault)
  }
}

/** What shall be active from the start; the kernel takes the level itself, whatever is active. */
const AT_START: ReadonlySet<BoardOutput> = new Set(['camera-power'])

const openOutput = (Gpio: Guarded, chips: GpioChip[], line: BoardOutput, place: OutputPlace): Gpio => {
  const number = findLine(chips, place.chip, place.offset)
  const isHigh = AT_START.has(line) !== place.activeLow
  try {
    return new Gpio(number, isHigh ? 'high' : 'low', undefined, { activeLow: place.activeLow })
  } catch (fault) {
    throw unusable(line, place, fault)
  }
}
