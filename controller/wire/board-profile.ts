/** Where each line of the board is: a JSON file of its own, for a board is the same in a hundred rooms. */
import { z } from 'zod'
import { VerbatimError } from '../base/error.ts'
import { BOARD_INPUTS, BOARD_OUTPUTS, type BoardInput, type BoardOutput } from './board.ts'
import { describeIssues } from './config.ts'

const text = (longest: number) =>
  z
    .string()
    .regex(/^\P{Cc}*$/u, 'text without control characters')
    .max(longest)

const place = {
  chip: text(80).min(1).describe('Label of the GPIO chip, as `cat /sys/class/gpio/gpiochip*/label` prints it'),
  offset: z.int().min(0).max(1_023).describe('Number of the line on its chip, counted from 0'),
  activeLow: z.boolean().default(false).describe('The line is active while its level is low'),
  wiring: text(200).default('').describe('For people: pin, and what is wired to it'),
}

const debounceMs = z
  .int()
  .min(5)
  .max(5_000)
  .default(50)
  .describe('A level counts once it has stayed so long; a line that never rests is read every ten times as long')

export const InputPlace = z.strictObject({
  ...place,
  debounceMs,
  pull: z
    .enum(['up', 'down', 'none'])
    .default('none')
    .describe('For people: sysfs can switch no pull resistor on; the firmware or a part on the board does'),
})
export type InputPlace = z.output<typeof InputPlace>

const OutputPlace = z.strictObject(place)
export type OutputPlace = z.output<typeof OutputPlace>

const partial = <K extends string, T extends z.ZodType>(keys: readonly K[], type: T) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, type.optional()])) as Record<K, z.ZodOptional<T>>)

const common = {
  name: text(80).min(1).describe('What the board is called'),
  about: text(1_000).default('').describe('For people: which machine this is, and which kernel driver makes its chip'),
}

const SysfsProfile = z.strictObject({
  driver: z.literal('sysfs').describe('Real lines, through /sys/class/gpio'),
  ...common,
  inputs: partial(BOARD_INPUTS, InputPlace).default({}).describe('By meaning; what is not wired is left out'),
  outputs: partial(BOARD_OUTPUTS, OutputPlace).default({}).describe('By meaning; what is not wired is left out'),
})
export type SysfsProfile = z.output<typeof SysfsProfile>

const VirtualProfile = z.strictObject({
  driver: z.literal('virtual').describe('A program that speaks for the lines on a Unix socket'),
  ...common,
  socket: z
    .string()
    .regex(/^[^\p{Cc}]+$/u, 'a path')
    .max(100)
    .describe('Its path; below `runtimeDir` when it does not begin with /'),
  debounceMs,
})
export type VirtualProfile = z.output<typeof VirtualProfile>

/** Two meanings on one line would switch each other. */
const takenTwice = ({ inputs, outputs }: SysfsProfile): { at: string[]; message: string }[] => {
  const wired = [
    ...Object.entries(inputs).map(([line, at]) => ({ path: ['inputs', line], at })),
    ...Object.entries(outputs).map(([line, at]) => ({ path: ['outputs', line], at })),
  ].flatMap(({ path, at }) => (at ? [{ path, key: `${at.chip} ${at.offset}` }] : []))
  return wired.flatMap(({ path, key }, i) => {
    const earlier = wired.slice(0, i).find((other) => other.key === key)
    return earlier ? [{ at: path, message: `line ${key} is already used at ${earlier.path.join('.')}` }] : []
  })
}

export const BoardProfile = z
  .discriminatedUnion('driver', [SysfsProfile, VirtualProfile])
  .superRefine((profile, context) => {
    if (profile.driver !== 'sysfs') return
    for (const { at, message } of takenTwice(profile)) context.addIssue({ code: 'custom', path: at, message })
  })
export type BoardProfile = z.output<typeof BoardProfile>

/** Reads a profile that was JSON; throws BOARD_PROFILE_INVALID with a line for each mistake. */
export const parseBoardProfile = (json: unknown): BoardProfile => {
  const result = BoardProfile.safeParse(json)
  if (result.success) return result.data
  throw new VerbatimError('BOARD_PROFILE_INVALID', describeIssues(result.error).join('; '))
}

/** The inputs that a profile knows of. */
export const inputsOf = (profile: BoardProfile): BoardInput[] =>
  profile.driver === 'virtual' ? [...BOARD_INPUTS] : BOARD_INPUTS.filter((line) => profile.inputs[line])

/** The outputs that a profile knows of. */
export const outputsOf = (profile: BoardProfile): BoardOutput[] =>
  profile.driver === 'virtual' ? [...BOARD_OUTPUTS] : BOARD_OUTPUTS.filter((line) => profile.outputs[line])
