/**
 * Which closed hearings end without a signature: a key may be away for days, and the recorder be switched off meanwhile,
 * so they are noted on disk. Memory tells first and the disk follows: nobody waits for it.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DurableJson } from '../base/durable-json.ts'
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'

export interface LateSignaturesOptions {
  stateDir: string
  log: Logger
  /** Signs the end of a closed hearing; false when the key does not sign. Rejects when the journal cannot be had. */
  sign: (hearing: string) => Promise<boolean>
  /** How many are left. `signed`: at least one is not any more. */
  tell: (count: number, signed: boolean) => void
}

const Hearings = z.array(z.string())

export class LateSignatures {
  readonly #owed = new Set<string>()
  #saving: Promise<void> = Promise.resolve()
  /** Of those that are owed, how many the core knows of. */
  #told = 0

  constructor(private readonly options: LateSignaturesOptions) {}

  /** What an earlier recorder left. Never rejects. */
  async remember(): Promise<void> {
    const { stateDir, log } = this.options
    const owed = await this.#file(stateDir)
      .read()
      .catch((fault: unknown) => {
        log.error({ fault: messageOf(fault) }, 'which hearings end unsigned is not known any more')
        return null
      })
    for (const hearing of owed ?? []) this.#owed.add(hearing)
    this.#tellIfChanged()
  }

  owes(hearing: string): boolean {
    return this.#owed.has(hearing)
  }

  /** Before its last line is written: whatever happens then, it is known that nobody may have signed it. */
  note(hearing: string): void {
    if (this.#owed.has(hearing)) return
    this.#owed.add(hearing)
    this.#save()
  }

  /** After it; what is not signed stays noted. */
  settle(hearing: string, isSigned: boolean): void {
    if (isSigned && this.#owed.delete(hearing)) this.#save()
    this.#tellIfChanged()
  }

  /** Signs what it can, the latest first. Never rejects. */
  async signAll(): Promise<void> {
    const before = this.#owed.size
    for (const hearing of [...this.#owed].sort().reverse())
      try {
        if (!(await this.options.sign(hearing))) break
      } catch (fault) {
        // Its disk may be away; the others' are not.
        this.options.log.warn({ hearing, fault: messageOf(fault) }, 'the end of a hearing could not be signed')
      }
    this.#told = this.#owed.size
    this.options.tell(this.#told, this.#told < before)
  }

  #tellIfChanged(): void {
    if (this.#told === this.#owed.size) return
    this.#told = this.#owed.size
    this.options.tell(this.#told, false)
  }

  #save(): void {
    this.#saving = this.#saving
      .then(async () => {
        const { stateDir } = this.options
        await mkdir(stateDir, { recursive: true })
        await this.#file(stateDir).write([...this.#owed])
      })
      .catch((fault: unknown) =>
        this.options.log.error({ fault: messageOf(fault) }, 'which hearings end unsigned cannot be kept on disk'),
      )
  }

  #file(stateDir: string): DurableJson<string[]> {
    return new DurableJson(join(stateDir, 'unsigned.json'), (data) => Hearings.parse(data))
  }
}
