import { readFile } from 'node:fs/promises'
import { messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { codeIn } from './new-name.ts'

/** The code that was put into the machine before it left; null when there is none that can be used. */
export const presetCode = async (codeFile: string | undefined, log: Logger): Promise<string | null> => {
  if (!codeFile) return null
  try {
    const code = codeIn(await readFile(codeFile, 'utf8'))
    if (!code) log.warn({ codeFile }, 'the file with the code for enrolment holds none')
    return code
  } catch (fault) {
    log.warn({ codeFile, fault: messageOf(fault) }, 'the file with the code for enrolment cannot be read')
    return null
  }
}
