import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Low } from 'lowdb'
import { z } from 'zod'
import { DurableJson } from '../../base/durable-json.ts'
import { codeOf } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import { RegisteredHearing } from '../../wire/clerk.ts'

const Content = z.object({ hearings: z.array(RegisteredHearing) })
type Content = z.output<typeof Content>

/** The hearings this recorder knows. Derived from the hearing folders, so it can always be made again from them. */
export class Register {
  private constructor(
    private readonly low: Low<Content>,
    /** Why the register was not simply read; null when it was. For the log. */
    readonly repaired: Reason | null,
  ) {}

  /**
   * Opens `register.json` in `stateDir`, which is made when missing. Throws what the file system throws.
   * @param rebuild finds all hearings in their folders; asked when there is no register or nothing of it can be read
   */
  static async open(stateDir: string, rebuild: () => Promise<RegisteredHearing[]>): Promise<Register> {
    await mkdir(stateDir, { recursive: true })
    const adapter = new DurableJson(join(stateDir, 'register.json'), (data) => Content.parse(data))
    const low = new Low<Content>(adapter, { hearings: [] })
    let damaged = false
    try {
      await low.read()
    } catch (thrown) {
      if (codeOf(thrown) !== 'SETTINGS_DAMAGED') throw thrown
      damaged = true
    }
    if (adapter.origin === 'current') return new Register(low, null)
    // An older register may lack the latest hearing, so the folders are asked then too.
    const found = await rebuild()
    const others = low.data.hearings.filter(({ id }) => !found.some((hearing) => hearing.id === id))
    low.data = { hearings: [...others, ...found] }
    await low.write()
    const from = `register.json rebuilt from the stores; read from ${adapter.origin ?? 'nothing'}`
    const first = adapter.origin === null && !damaged
    return new Register(low, first ? null : reason('The list of hearings was damaged and was made again.', from))
  }

  /** Newest first. */
  list(): RegisteredHearing[] {
    return this.low.data.hearings.toSorted((a, b) =>
      a.openedUtc < b.openedUtc ? 1 : a.openedUtc > b.openedUtc ? -1 : 0,
    )
  }

  /** Adds a hearing, or replaces the one with the same id. Resolves once it is on stable storage. */
  async upsert(hearing: RegisteredHearing): Promise<void> {
    const others = this.low.data.hearings.filter(({ id }) => id !== hearing.id)
    this.low.data = { hearings: [...others, hearing] }
    await this.low.write()
  }
}
