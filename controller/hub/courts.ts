/** The courts that rooms can be enrolled in: those of the configuration, and those that the console added. */
import { join } from 'node:path'
import { z } from 'zod'
import { DurableJson } from '../base/durable-json.ts'
import { CourtRow } from '../wire/console.ts'

export class Courts {
  readonly #rows = new Map<string, CourtRow>()
  #added: CourtRow[] = []

  private constructor(
    private readonly file: DurableJson<CourtRow[]>,
    private readonly region: string,
  ) {}

  /** Throws SETTINGS_DAMAGED. */
  static async open(home: string, region: string, configured: readonly CourtRow[]): Promise<Courts> {
    const file = new DurableJson(join(home, 'courts.json'), (data) => z.array(CourtRow).parse(data))
    const courts = new Courts(file, region)
    courts.#added = (await file.read()) ?? []
    for (const court of [...courts.#added, ...configured]) courts.#rows.set(court.id, court)
    return courts
  }

  /** Resolves when it is durable; one that is known stays as it is. */
  async add(id: string, name: string): Promise<void> {
    if (this.#rows.has(id)) return
    const court = { id, name: name || id, region: this.region }
    this.#rows.set(id, court)
    this.#added = [...this.#added, court]
    await this.file.write(this.#added)
  }

  /** @param used courts that have rooms: none is left out because its configuration is gone */
  rows(used: readonly string[]): CourtRow[] {
    const unknown = [...new Set(used)].filter((id) => !this.#rows.has(id))
    const rows = [...this.#rows.values(), ...unknown.map((id) => ({ id, name: id, region: this.region }))]
    return rows.map((row) => ({ ...row, region: row.region || this.region }))
  }
}
