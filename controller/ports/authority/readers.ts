/**
 * Which tools of IT have a certificate: lines of a file that the command line adds to while the hub runs, and the hub
 * reads again whenever it has changed. A line is added with one write, so that neither needs to know of the other.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { makeFolders, syncFolder } from '../../base/durable.ts'
import { codeOf, VerbatimError } from '../../base/error.ts'
import { Utc } from '../../wire/fleet/name.ts'

const Line = z.discriminatedUnion('is', [
  z.object({ is: z.literal('issued'), at: Utc, name: z.string(), serial: z.string(), expires: Utc }),
  z.object({ is: z.literal('revoked'), at: Utc, name: z.string() }),
])
type Line = z.output<typeof Line>

export interface Reader {
  /** As in its certificate: `reader-...`. */
  name: string
  /** Lower-case hex; of one name several, where it was made again before the last one ended. */
  serials: { serial: string; expires: string }[]
  issuedAt: string
  revokedAt: string | null
}

const LOOK_MS = 500

export class ReaderRegister {
  #readers = new Map<string, Reader>()
  #text = ''
  #look: (() => void) | null = null

  private constructor(private readonly path: string) {}

  /** Throws what the file system throws. */
  static async open(home: string): Promise<ReaderRegister> {
    const register = new ReaderRegister(join(home, 'readers.ndjson'))
    register.#read()
    return register
  }

  list(): Reader[] {
    return [...this.#readers.values()]
  }

  /** Names of those that may connect. */
  names(): string[] {
    return this.list().flatMap(({ name, revokedAt }) => (revokedAt === null ? [name] : []))
  }

  /** By what was read before, where the file cannot be read now: `watch` tells of that. */
  isGood(name: string, serial: string): boolean {
    try {
      this.#read()
    } catch {}
    const reader = this.#readers.get(name)
    return reader?.revokedAt === null && reader.serials.some((one) => one.serial === serial.toLowerCase())
  }

  /** Those that would still be valid by their date. */
  revoked(now: Date): { serial: string; at: Date }[] {
    return this.list().flatMap(({ serials, revokedAt }) =>
      revokedAt === null
        ? []
        : serials.flatMap(({ serial, expires }) =>
            new Date(expires) > now ? [{ serial, at: new Date(revokedAt) }] : [],
          ),
    )
  }

  /**
   * Durable when it resolves. Throws USAGE for a name that was revoked: NATS knows names alone, and would let the old
   * certificate in again.
   * @param cert PEM
   */
  async issued(name: string, cert: string): Promise<void> {
    if (this.#readers.get(name)?.revokedAt) throw new VerbatimError('USAGE', `${name} was revoked: take another name.`)
    const { serialNumber, validTo } = new X509Certificate(cert)
    const [at, expires] = [new Date().toISOString(), new Date(validTo).toISOString()]
    await this.#append({ is: 'issued', at, name, serial: serialNumber.toLowerCase(), expires })
  }

  /** Durable when it resolves; a hub that runs knows within a second. Throws NOT_FOUND. */
  async revoke(name: string): Promise<void> {
    if (this.#readers.get(name)?.revokedAt !== null) throw new VerbatimError('NOT_FOUND', `no reader is called ${name}`)
    await this.#append({ is: 'revoked', at: new Date().toISOString(), name })
  }

  /** @param changed called when another process has added something, with the names that may connect no more */
  watch(changed: (gone: string[]) => void, failed: (fault: unknown) => void): void {
    let before = this.names()
    this.#look = () => {
      try {
        this.#read()
      } catch (fault) {
        return failed(fault)
      }
      const now = new Set(this.names())
      const gone = before.filter((name) => !now.has(name))
      before = [...now]
      changed(gone)
    }
    watchFile(this.path, { interval: LOOK_MS, persistent: false }, this.#look)
  }

  close(): void {
    if (this.#look) unwatchFile(this.path, this.#look)
  }

  async #append(line: Line): Promise<void> {
    await makeFolders(dirname(this.path))
    const file = await open(this.path, 'a', 0o600)
    try {
      // Half a line may be left of a power cut: it ends here, and counts nothing.
      await file.write(`\n${JSON.stringify(line)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await syncFolder(dirname(this.path))
    this.#read()
  }

  /** Within the call that asks: a tool may come the moment after it was given its files. */
  #read(): void {
    const text = textOf(this.path)
    if (text === this.#text) return
    this.#text = text
    const readers = new Map<string, Reader>()
    for (const line of text.split('\n').flatMap(lineIn)) {
      const { name, at } = line
      const known = readers.get(name) ?? { name, serials: [], issuedAt: at, revokedAt: null }
      readers.set(name, known)
      if (line.is === 'revoked') known.revokedAt = at
      else known.serials.push({ serial: line.serial, expires: line.expires })
    }
    this.#readers = readers
  }
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return ''
    throw fault
  }
}

const lineIn = (text: string): Line[] => {
  try {
    return [Line.parse(JSON.parse(text))]
  } catch {
    return []
  }
}
