/** The key that the witness is known by: the configured or enrolled one, or else the first that answered at this address. */
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolders } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'

const Content = z.object({ url: z.string(), key: z.string() })
type Content = z.output<typeof Content>

export class Pin {
  private constructor(
    private readonly url: string,
    private readonly file: DurableJson<Content> | null,
    private readonly log: Logger,
    private known: string | null,
    private readonly told: () => string | null = () => null,
  ) {}

  /**
   * Another address has another witness: its first key is kept anew. What cannot be read is begun anew.
   * @param told the key that came by another way, such as enrolment, as soon as it has come: it counts before any that answers
   */
  static async open(
    folder: string,
    { url, trust, told }: { url: string; trust?: string | undefined; told?: () => string | null },
    log: Logger,
  ) {
    if (trust) return new Pin(url, null, log, trust)
    await makeFolders(folder)
    const file = new DurableJson(join(folder, 'known-witness.json'), (data) => Content.parse(data))
    const kept = await file.read().catch((fault: unknown) => {
      log.error({ fault: messageOf(fault) }, 'which key the witness has cannot be read; the next one is kept')
      return null
    })
    return new Pin(url, file, log, kept?.url === url ? kept.key : null, told)
  }

  /** Id of the key; null before the first answer. */
  get key(): string | null {
    return this.told() ?? this.known
  }

  /** Call with the key of a receipt that was found good. */
  async keep(key: string): Promise<void> {
    if (this.key !== null) return
    this.known = key
    this.log.info({ witness: key, url: this.url }, 'the witness is known by this key from now on')
    await this.file
      ?.write({ url: this.url, key })
      .catch((fault: unknown) => this.log.error({ fault: messageOf(fault) }, "the witness' key cannot be kept on disk"))
  }
}
