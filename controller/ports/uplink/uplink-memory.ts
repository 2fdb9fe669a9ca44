/** What a device must remember of its connections, over power cuts. */
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolders } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { within } from '../../base/within.ts'
import { AlarmId } from '../../wire/fleet/alarm.ts'

export interface UplinkMemory {
  /** Ids of alarms that may be retained at the broker. */
  open(): Promise<{ alarms: string[] }>
  /** The number of this connection, higher than every one before. Never rejects. */
  nextConnection(): Promise<number>
  /** Somebody spoke as this device with a higher one. */
  raiseTo(connection: number): void
  /** Returns at once. */
  keepAlarms(ids: readonly string[]): void
}

const Content = z.object({ connections: z.int().min(0), alarms: z.array(AlarmId).max(1_000) })
type Content = z.output<typeof Content>

/** A disk that hangs keeps no alarm from the hub. */
const WITHIN_MS = 5_000

export class FileMemory implements UplinkMemory {
  readonly #file: DurableJson<Content>
  #content: Content = { connections: 0, alarms: [] }
  #opened: Promise<void> | null = null

  constructor(private readonly folder: string) {
    this.#file = new DurableJson(join(folder, 'connections.json'), (data) => Content.parse(data))
  }

  async open(): Promise<{ alarms: string[] }> {
    this.#opened ??= makeFolders(this.folder)
      .then(() => this.#file.read())
      // Begun anew; what the broker retains of this device tells how high the number was.
      .catch(() => null)
      .then((read) => {
        if (read) this.#content = { ...read, connections: Math.max(read.connections, this.#content.connections) }
      })
    await within(WITHIN_MS, this.#opened, 'the disk').catch(() => {})
    return { alarms: this.#content.alarms }
  }

  async nextConnection(): Promise<number> {
    await this.open()
    this.#content = { ...this.#content, connections: this.#content.connections + 1 }
    const { connections } = this.#content
    await within(WITHIN_MS, this.#file.write(this.#content), 'the disk').catch(() => {})
    return connections
  }

  raiseTo(connection: number): void {
    if (connection > this.#content.connections) this.#content = { ...this.#content, connections: connection }
  }

  keepAlarms(ids: readonly string[]): void {
    this.#content = { ...this.#content, alarms: [...ids] }
    void this.#file.write(this.#content).catch(() => {})
  }
}

/** For simulated devices. */
export class ForgetfulMemory implements UplinkMemory {
  constructor(private connections = 0) {}

  async open(): Promise<{ alarms: string[] }> {
    return { alarms: [] }
  }

  async nextConnection(): Promise<number> {
    return ++this.connections
  }

  raiseTo(connection: number): void {
    this.connections = Math.max(this.connections, connection)
  }

  keepAlarms(): void {}
}
