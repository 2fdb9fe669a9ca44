/**
 * Asks each store every two seconds whether it still takes a write and how much room it has. A disk that hangs gets no
 * second question until it has answered the first; that it does not answer is for the core to judge.
 */
import { open, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, messageOf } from '../../base/error.ts'
import { monotonicMs } from '../../base/monotonic.ts'
import { type Reason, reason } from '../../base/reason.ts'
import type { KnownStores } from './known-stores.ts'

export interface Probe {
  store: string
  ok: boolean
  freeBytes: number
  /** From the write until it was durable; 0 when it failed. */
  tookMs: number
  code: string
  reason: Reason
}

const EVERY_MS = 2_000

export interface ProbeOptions {
  stores: { name: string; path: string }[]
  /** Less room than this counts as full: a disk must not be joined only to fail again. */
  reserveBytes: number
  known: KnownStores
  report: (probe: Probe) => void
}

export class StoreProbe {
  readonly #pending = new Set<string>()
  readonly #first = new Map<string, Promise<Probe>>()
  readonly #latest = new Map<string, Probe>()

  constructor(private readonly options: ProbeOptions) {}

  /** Probes all stores now and from now on. Resolves when each has answered for the first time. */
  async start(): Promise<void> {
    const { stores } = this.options
    for (const store of stores) this.#first.set(store.name, this.#probe(store))
    setInterval(() => {
      for (const store of stores) if (!this.#pending.has(store.name)) void this.#probe(store)
    }, EVERY_MS)
    await Promise.all(this.#first.values())
  }

  /** The first answer of a store, once started; a disk that hangs never gives it. */
  first(store: string): Promise<Probe> {
    return this.#first.get(store)!
  }

  /** What a store answered last; a disk that hangs may never have answered. */
  latest(store: string): Promise<Probe> {
    const latest = this.#latest.get(store)
    return latest ? Promise.resolve(latest) : this.first(store)
  }

  async #probe({ name, path }: { name: string; path: string }): Promise<Probe> {
    this.#pending.add(name)
    const probe = await this.#ask(name, path).catch((fault: unknown): Probe => {
      const code = codeOf(fault)
      return { store: name, ok: false, freeBytes: 0, tookMs: 0, code, reason: explain(code, messageOf(fault)) }
    })
    this.#pending.delete(name)
    this.#latest.set(name, probe)
    this.options.report(probe)
    return probe
  }

  async #ask(name: string, path: string): Promise<Probe> {
    await this.options.known.require(path)
    const file = await open(join(path, '.verbatim-probe'), 'w')
    let tookMs = 0
    try {
      const beganMs = monotonicMs()
      await file.write(`${Date.now()}\n`)
      await file.datasync()
      tookMs = monotonicMs() - beganMs
    } finally {
      await file.close()
    }
    const { bavail, bsize } = await statfs(path)
    const freeBytes = bavail * bsize
    const full = freeBytes < this.options.reserveBytes
    const why = full
      ? explain('ENOSPC', `${freeBytes} bytes free of ${this.options.reserveBytes} kept in reserve`)
      : reason('The disk is in order.', 'probe written and synchronised')
    return { store: name, ok: !full, freeBytes, tookMs, code: full ? 'ENOSPC' : '', reason: why }
  }
}

const WORDS: Record<string, string> = {
  ENOSPC: 'The disk is full.',
  EROFS: 'The disk cannot be written: it is read-only.',
  EACCES: 'The disk cannot be written: no permission.',
  ENODEV: 'The disk is gone.',
  ENOENT: 'The folder of the disk is gone.',
  ENOTDIR: 'Where the disk should be is something else.',
}

const explain = (code: string, engineer: string): Reason =>
  reason(WORDS[code] ?? 'The disk reports an error.', `${code}: ${engineer}`)
