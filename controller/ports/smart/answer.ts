/**
 * The root program's whole part: asks one disk for its health, if it is a disk of this recorder. Which ones are, the
 * configuration says, which the recorder may read and not write: so whoever gets hold of the recorder's account learns
 * of no other disk, and can have nothing else done as root.
 */
import { messageOf } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { SmartAnswer } from '../../wire/smart.ts'
import { disksUnder, KERNEL, type KernelFiles } from './find-disks.ts'
import { type RunOptions, runSmartctl, SMARTCTL } from './run-smartctl.ts'

export interface AnswerOptions {
  /** Folders of the configured stores. */
  stores: readonly string[]
  smartctl?: RunOptions
  kernel?: KernelFiles
}

const FIND_MS = 10_000

/** Never throws. */
export const answerAbout = async (
  device: string,
  { stores, smartctl = SMARTCTL, kernel = KERNEL }: AnswerOptions,
): Promise<SmartAnswer> => {
  const refusals: string[] = []
  for (const store of stores)
    try {
      if ((await within(FIND_MS, disksUnder(store, kernel), store)).includes(device))
        return await runSmartctl(device, smartctl)
    } catch (fault) {
      // One disk that is gone must not keep the other from being asked.
      refusals.push(messageOf(fault))
    }
  return { is: 'refused', why: [`${JSON.stringify(device)} lies beneath no store`, ...refusals].join('; ') }
}
