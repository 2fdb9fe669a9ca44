/**
 * The contract of a board on real lines of /sys/class/gpio. Lines and the hands at the other end of the wires come from the
 * environment; controller/ports/gpio/README.md has an example.
 *
 *   GPIO_LINES   { LINE: [CHIP LABEL, OFFSET], ... }, inputs and outputs by their names
 *   GPIO_DRIVE   a program, called with CHIP OFFSET LEVEL
 *   GPIO_READ    a program, called with CHIP OFFSET; prints 0 or 1
 *   GPIO_UNPLUG, GPIO_PLUG   programs without arguments; may be left out
 */
import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import { z } from 'zod'
import { BOARD_INPUTS, BOARD_OUTPUTS, BoardInput, BoardOutput } from '../../../controller/wire/board.ts'
import { newDir, writeProfile } from '../../builders/board.ts'
import { type Bench, boardContract } from './contract.ts'

const DEBOUNCE_MS = 50

const Lines = z.partialRecord(z.union([BoardInput, BoardOutput]), z.tuple([z.string(), z.int()]))

const want = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set; the head of this file says what it is`)
  return value
}

const lines = Lines.parse(JSON.parse(want('GPIO_LINES')))
const [driveProgram, readProgram] = [want('GPIO_DRIVE'), want('GPIO_READ')]
const { GPIO_UNPLUG: unplugProgram, GPIO_PLUG: plugProgram } = process.env
const inputs = BOARD_INPUTS.filter((line) => lines[line])
const outputs = BOARD_OUTPUTS.filter((line) => lines[line])

const placeOf = (line: BoardInput | BoardOutput) => {
  const [chip, offset] = lines[line]!
  return { chip, offset }
}
const run = (program: string, ...words: (string | number)[]): string =>
  execFileSync(program, words.map(String), { encoding: 'utf8' }).trim()

/** Every second line is active low, so that both are tried. */
const isLow = (line: BoardInput | BoardOutput): boolean => placeOf(line).offset % 2 === 1

const profile = {
  driver: 'sysfs',
  name: 'lines of the contract',
  inputs: Object.fromEntries(
    inputs.map((line) => [line, { ...placeOf(line), activeLow: isLow(line), debounceMs: DEBOUNCE_MS }]),
  ),
  outputs: Object.fromEntries(outputs.map((line) => [line, { ...placeOf(line), activeLow: isLow(line) }])),
}

boardContract('real lines', async (): Promise<Bench> => {
  const dir = newDir()
  return {
    ...{ profile: writeProfile(dir, profile), runtimeDir: dir, debounceMs: DEBOUNCE_MS, inputs, outputs },
    drive: (line, active) => {
      const { chip, offset } = placeOf(line)
      run(driveProgram, chip, offset, active !== isLow(line) ? 1 : 0)
    },
    isActive: (line) => {
      const { chip, offset } = placeOf(line)
      return (run(readProgram, chip, offset) === '1') !== isLow(line)
    },
    ...(unplugProgram && plugProgram
      ? { unplug: () => void run(unplugProgram), plug: () => void run(plugProgram) }
      : {}),
  }
})

test.run()
