/** Lines of one page; pages, so that a hearing that never ends costs no more than the newest of them. */
const PAGE_LINES = 256
const PAGES_MOST = 8_192
const HASH_BYTES = 32

interface Page {
  heads: Uint8Array
  /** Wall time of each line; NaN where there is no line. */
  utcMs: Float64Array
}

const newPage = (): Page => ({
  heads: new Uint8Array(PAGE_LINES * HASH_BYTES),
  utcMs: new Float64Array(PAGE_LINES).fill(Number.NaN),
})

/**
 * The hash and the time of every line of the last two million: forty bytes a line, for a receipt or a time stamp may
 * speak for any of them.
 */
export class Places {
  readonly #pages = new Map<number, Page>()
  /** Number of the latest line; -1 before the first. */
  last = -1

  note(n: number, head: string, utcMs: number): void {
    this.last = n
    const key = Math.floor(n / PAGE_LINES)
    const page = this.#pages.get(key) ?? this.#open(key)
    const at = n % PAGE_LINES
    // A time that cannot be told must not make the line unknown.
    page.utcMs[at] = Number.isNaN(utcMs) ? 0 : utcMs
    for (let i = 0; i < HASH_BYTES; i++)
      page.heads[at * HASH_BYTES + i] = Number.parseInt(head.slice(2 * i, 2 * i + 2), 16)
  }

  /** Lower-case hex hash of line `n`; null when there is none, or it is too long ago. */
  headOf(n: number): string | null {
    const page = this.#pages.get(Math.floor(n / PAGE_LINES))
    const at = n % PAGE_LINES
    if (!page || Number.isNaN(page.utcMs[at])) return null
    const bytes = page.heads.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  /** Wall time of line `n`; NaN when it is not known. */
  utcMsOf(n: number): number {
    return this.#pages.get(Math.floor(n / PAGE_LINES))?.utcMs[n % PAGE_LINES] ?? Number.NaN
  }

  #open(key: number): Page {
    const page = newPage()
    this.#pages.set(key, page)
    if (this.#pages.size > PAGES_MOST) this.#pages.delete(this.#pages.keys().next().value!)
    return page
  }
}
