/** Asks the recorder how it is, as `verbatim status` does, while somebody wants to know. */
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, messageOf } from '../../../controller/base/error.ts'
import { ask } from '../../../controller/cli/clerk-link.ts'
import type { RecorderView } from './view.ts'

const EVERY_MS = 500

export const askRecorder = async (runtimeDir: string): Promise<RecorderView> => {
  try {
    const answer = await ask(runtimeDir, { do: 'status' })
    if (answer.is === 'status') return { is: 'answering', status: answer.status }
    return { is: 'silent', code: 'FRAME_INVALID', text: `The recorder answered "${answer.is}".` }
  } catch (fault) {
    return { is: 'silent', code: codeOf(fault), text: messageOf(fault) }
  }
}

/** Tells again and again, one question at a time; returns what ends it. */
export const watchRecorder = (
  runtimeDir: string,
  isWanted: () => boolean,
  tell: (view: RecorderView) => void,
): (() => void) => {
  let isOver = false
  const watch = async () => {
    while (!isOver) {
      if (isWanted()) tell(await askRecorder(runtimeDir))
      await delay(EVERY_MS)
    }
  }
  void watch()
  return () => {
    isOver = true
  }
}
