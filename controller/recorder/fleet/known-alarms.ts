/** Alarms that were told of, over starts of the recorder: what was wrong before is not raised again, and is cleared once. */
import { join } from 'node:path'
import { z } from 'zod'
import { DurableJson } from '../../base/durable-json.ts'
import { messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { Alarm, AlarmId } from '../../wire/fleet/alarm.ts'

const Content = z.array(z.tuple([AlarmId, Alarm])).max(1_000)
type Content = z.output<typeof Content>

export class KnownAlarms {
  #next: Content | null = null
  #writing: Promise<void> | null = null

  private constructor(
    private readonly file: DurableJson<Content>,
    private readonly log: Logger,
    readonly known: ReadonlyMap<AlarmId, Alarm>,
  ) {}

  /** What cannot be read is begun anew. The folder must exist. */
  static async open(folder: string, log: Logger): Promise<KnownAlarms> {
    const file = new DurableJson(join(folder, 'alarms.json'), (data) => Content.parse(data))
    return new KnownAlarms(file, log, new Map((await file.read().catch(() => null)) ?? []))
  }

  /** Returns at once; of several only the last is written. */
  keep(alarms: ReadonlyMap<AlarmId, Alarm>): void {
    this.#next = [...alarms]
    this.#writing ??= this.#write()
  }

  async #write(): Promise<void> {
    for (let next = this.#next; next; next = this.#next) {
      this.#next = null
      await this.file
        .write(next)
        .catch((fault: unknown) => this.log.warn({ fault: messageOf(fault) }, 'alarms of this start cannot be kept'))
    }
    this.#writing = null
  }
}
