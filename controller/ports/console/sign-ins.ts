/** Who is logged in: a random token in a cookie, known here by its hash, gone with the hub's restart. */
import { createHash, randomBytes } from 'node:crypto'
import { monotonicMs } from '../../base/monotonic.ts'

interface SignIn {
  name: string
  begunMs: number
  seenMs: number
}

const IDLE_MS = 60 * 60_000
const LONGEST_MS = 12 * 60 * 60_000
const MOST = 2_000

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64')

export class SignIns {
  readonly #byHash = new Map<string, SignIn>()

  constructor(private readonly now: () => number = monotonicMs) {}

  /** The token for the cookie. */
  begin(name: string): string {
    const token = randomBytes(32).toString('base64url')
    const atMs = this.now()
    // The oldest gives way: nobody can be kept out by many log-ins of one.
    if (this.#byHash.size >= MOST) this.#byHash.delete(this.#byHash.keys().next().value!)
    this.#byHash.set(hashOf(token), { name, begunMs: atMs, seenMs: atMs })
    return token
  }

  /** Whose it is; null when it is nobody's any more. */
  nameOf(token: string): string | null {
    const hash = hashOf(token)
    const found = this.#byHash.get(hash)
    if (!found) return null
    const atMs = this.now()
    if (atMs - found.seenMs > IDLE_MS || atMs - found.begunMs > LONGEST_MS) {
      this.#byHash.delete(hash)
      return null
    }
    found.seenMs = atMs
    return found.name
  }

  /** For who only looks on: being idle ends it no earlier than twelve hours do, and looking on is no request. */
  mayLookOn(token: string): boolean {
    const found = this.#byHash.get(hashOf(token))
    return found !== undefined && this.now() - found.begunMs <= LONGEST_MS
  }

  end(token: string): void {
    this.#byHash.delete(hashOf(token))
  }

  /** Everywhere: removed, or with a new password. */
  endAllOf(name: string): void {
    for (const [hash, signIn] of this.#byHash) if (signIn.name === name) this.#byHash.delete(hash)
  }
}
