/** A line by its chip's label and its place there: kernels number chips as they come, some from 512 on, so numbers move. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, VerbatimError } from '../../base/error.ts'

export const GPIO_DIR = '/sys/class/gpio'

export interface GpioChip {
  label: string
  /** The kernel's number of its first line. */
  base: number
  lines: number
}

/** Every chip that programs can use; throws BOARD_CHIP_UNKNOWN when the kernel offers none of this at all. */
export const gpioChips = (dir = GPIO_DIR): GpioChip[] => {
  let names: string[]
  try {
    names = readdirSync(dir)
  } catch (cause) {
    const what = `${messageOf(cause)}: this kernel has no CONFIG_GPIO_SYSFS, or /sys is not mounted`
    throw new VerbatimError('BOARD_CHIP_UNKNOWN', what, { cause })
  }
  return names.filter((name) => /^gpiochip\d+$/.test(name)).flatMap((name) => chipAt(join(dir, name)))
}

/** A chip that is being pulled out is gone half way. */
const chipAt = (dir: string): GpioChip[] => {
  try {
    const read = (name: string): string => readFileSync(join(dir, name), 'utf8').trim()
    return [{ label: read('label'), base: Number(read('base')), lines: Number(read('ngpio')) }]
  } catch {
    return []
  }
}

/** The kernel's number of a line. Throws BOARD_CHIP_UNKNOWN and BOARD_LINE_UNUSABLE. */
export const findLine = (chips: readonly GpioChip[], label: string, offset: number): number => {
  const found = chips.filter((chip) => chip.label === label)
  const [chip] = found
  if (!chip) {
    const known = chips.map((one) => `"${one.label}"`).join(', ') || 'none'
    throw new VerbatimError('BOARD_CHIP_UNKNOWN', `no GPIO chip is labelled "${label}"; there are: ${known}`)
  }
  if (found.length > 1)
    throw new VerbatimError('BOARD_CHIP_UNKNOWN', `${found.length} GPIO chips are labelled "${label}"`)
  if (offset >= chip.lines)
    throw new VerbatimError('BOARD_LINE_UNUSABLE', `"${label}" has lines 0 to ${chip.lines - 1}, not ${offset}`)
  return chip.base + offset
}
