/** The latest log lines, for `send-logs`. What people said, and cases, stay in the room. */

/** Date, time, room and case: the first two are told. */
const HEARING = /(\d{4}-\d\d-\d\d_\d{6})_[^\s"',;:()[\]/\\]+/gu
const MOST = 400

/** Names of hearings in it end before the room and the case. */
export const withoutCases = (text: string): string => text.replaceAll(HEARING, '$1')

export class LogLines {
  #lines: string[] = []

  /** @param line one JSON object, as it was logged */
  push(line: string): void {
    this.#lines.push(line)
    if (this.#lines.length > 2 * MOST) this.#lines = this.#lines.slice(-MOST)
  }

  /** The latest that fit, the oldest first. */
  latest(maxBytes: number): string {
    const told: string[] = []
    let bytes = 0
    for (const line of this.#lines.slice(-MOST).toReversed()) {
      const safe = safeLine(line)
      // Within JSON its quotes take two bytes, and the line's end too.
      bytes += Buffer.byteLength(JSON.stringify(safe)) + 2
      if (bytes > maxBytes) break
      told.unshift(safe)
    }
    return told.join('\n')
  }
}

/** A command's reasons hold the words of whoever pressed: notes, and the case. */
const safeLine = (line: string): string => {
  try {
    const { msg, engineer, clerk, ...rest } = JSON.parse(line) as Record<string, unknown>
    const words = 'do' in rest ? {} : { msg, engineer, clerk }
    return withoutCases(JSON.stringify({ ...rest, ...words }))
  } catch {
    return ''
  }
}
