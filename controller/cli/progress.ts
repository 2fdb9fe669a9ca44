/** Progress of long work on standard error: a line that overwrites itself on a terminal, a line every tenth elsewhere. */
import { sizeText } from './table.ts'

const TELL_EVERY_MS = 200

/** The returned `done` ends the line. */
export const progressTeller = (what: string, tell: (text: string) => void, isTerminal: boolean) => {
  let toldAtMs = Number.NEGATIVE_INFINITY
  let toldTenth = -1
  let open = false
  return {
    at: (done: number, total: number): void => {
      const share = total ? done / total : 1
      const text = `${what}: ${Math.floor(share * 100)} % of ${sizeText(total)}`
      if (!isTerminal) {
        const tenth = Math.floor(share * 10)
        if (tenth > toldTenth) tell(`${text}\n`)
        toldTenth = Math.max(toldTenth, tenth)
      } else if (performance.now() - toldAtMs >= TELL_EVERY_MS || done === total) {
        toldAtMs = performance.now()
        open = true
        tell(`\r${text}`)
      }
    },
    done: (): void => {
      if (open) tell('\r\x1b[K')
      open = false
    },
  }
}
