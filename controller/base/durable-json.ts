import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Adapter } from 'lowdb'
import { codeOf, VerbatimError } from './error.ts'
import { asideOf, replaceFile } from './replace-file.ts'

const sumOf = (data: unknown): string => createHash('sha256').update(JSON.stringify(data)).digest('hex')

/** Which of the files the last `read` took its data from; null when there were none. */
export type Origin = 'current' | 'previous' | 'new' | null

/**
 * A lowdb adapter whose file survives power cuts and notices damage: `{ sha256, data }`, replaced durably, writes one
 * after the other. A torn, empty or damaged file falls back to the one before it.
 */
export class DurableJson<T> implements Adapter<T> {
  #origin: Origin = null
  #writing: Promise<void> = Promise.resolve()

  /**
   * @param path of the file; its folder must exist
   * @param parse makes a T of what was JSON, and throws when it is something else
   * @param mode rights of the file, for secrets
   */
  constructor(
    readonly path: string,
    private readonly parse: (data: unknown) => T,
    private readonly mode?: number,
  ) {}

  get origin(): Origin {
    return this.#origin
  }

  /** The data, or null before the first write. Throws SETTINGS_DAMAGED when there are files and none can be read. */
  async read(): Promise<T | null> {
    const { next, previous } = asideOf(this.path)
    const causes: unknown[] = []
    // The file being written comes last: it counts only when a crash came while both others were already lost.
    for (const [origin, path] of [
      ['current', this.path],
      ['previous', previous],
      ['new', next],
    ] as const) {
      try {
        const data = this.#open(await readFile(path, 'utf8'))
        this.#origin = origin
        return data
      } catch (thrown) {
        if (codeOf(thrown) !== 'ENOENT') causes.push(thrown)
        // The very first write was cut: there is no earlier content, and nothing is lost.
        else if (origin === 'previous' && causes.length === 0) break
      }
    }
    this.#origin = null
    if (causes.length === 0) return null
    throw new VerbatimError('SETTINGS_DAMAGED', `${this.path} and the file before it are damaged`, { cause: causes[0] })
  }

  #open(text: string): T {
    const json: unknown = JSON.parse(text)
    if (typeof json !== 'object' || json === null || !('data' in json) || !('sha256' in json))
      throw new SyntaxError('no checksum')
    if (sumOf(json.data) !== json.sha256) throw new SyntaxError('the checksum does not fit')
    return this.parse(json.data)
  }

  /** Resolves once the data is on stable storage. A failed write leaves the old file and does not stop later ones. */
  write(data: T): Promise<void> {
    const text = `${JSON.stringify({ sha256: sumOf(data), data }, null, 1)}\n`
    const writing = this.#writing.then(() => replaceFile(this.path, text, this.mode))
    this.#writing = writing.catch(() => {})
    return writing
  }
}
