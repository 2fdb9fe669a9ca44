/**
 * Which event of each panel was taken last, in a file that survives a power cut. A panel tells an event again until it
 * hears that it was taken; what a closed hearing's journal tells of is known here.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Low } from 'lowdb'
import { z } from 'zod'
import { DurableJson } from '../../base/durable-json.ts'

const Content = z.object({ taken: z.record(z.string(), z.object({ epoch: z.int(), number: z.int() })) })
type Content = z.output<typeof Content>
export type Taken = Content['taken']

export class TakenPresses {
  private constructor(
    private readonly low: Low<Content>,
    /** What was wrong with the file; null when nothing was. It then begins anew. */
    readonly fault: unknown,
  ) {}

  /** Opens `panels.json` in `stateDir`, which is made when missing. Throws what the file system throws. */
  static async open(stateDir: string): Promise<TakenPresses> {
    await mkdir(stateDir, { recursive: true })
    const file = new DurableJson(join(stateDir, 'panels.json'), (data) => Content.parse(data))
    const low = new Low<Content>(file, { taken: {} })
    const fault = await low.read().then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return new TakenPresses(low, fault)
  }

  /** By name of the panel. */
  get last(): Taken {
    return this.low.data.taken
  }

  /** Resolves once it is on stable storage. */
  async note(panel: string, { epoch, number }: Taken[string]): Promise<void> {
    this.low.data = { taken: { ...this.last, [panel]: { epoch, number } } }
    await this.low.write()
  }
}
