/** The hub's own classes over its real store, with two rooms, and what it publishes kept in a list. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { VerbatimError } from '../../controller/base/error.ts'
import type { Enrolments } from '../../controller/hub/fleet-line.ts'
import { Hub, type HubOptions } from '../../controller/hub/hub.ts'
import { OperatorKey } from '../../controller/hub/operator-key.ts'
import { ToDevices } from '../../controller/hub/to-devices.ts'
import { EventStore } from '../../controller/ports/event-store/event-store.ts'
import type { TopicName } from '../../controller/wire/fleet/topics.ts'

export const COURT = 'almaty-district'
export const BAD = 'vb-abcdefghij234567'
export const GOOD = 'vb-zzzzzzzzzz234567'
export const UNKNOWN = 'vb-yyyyyyyyyy234567'

export class BadRoomHub {
  readonly published: { topic: string; text: string }[] = []
  readonly log: string[] = []

  private constructor(
    private readonly home: string,
    readonly store: EventStore,
    readonly hub: Hub,
    readonly toDevices: ToDevices,
  ) {}

  static async start(options: Pick<HubOptions, 'saidAgainEvery'> = {}): Promise<BadRoomHub> {
    const home = mkdtempSync(join(tmpdir(), 'verbatim-bad-room-'))
    const store = await EventStore.open({
      folder: join(home, 'store'),
      onKept: (events, done) => hub.kept(events, done),
      onFault: (why) => scene.log.push(`fault ${why}`),
    })
    const hub = new Hub({
      ...{ store, graceMinutes: 1, escalateAfterMinutes: 10, certificateDays: 30, homeAssistant: true },
      line: { publish: (topic, text) => void scene.published.push({ topic, text }) },
      enrolments: {
        renew: () => Promise.reject(new VerbatimError('ENROLMENT_REFUSED', 'for a test')),
      } as unknown as Enrolments,
      log: pino({ level: 'trace' }, { write: (line: string) => void scene.log.push(line) }),
      ...{ tellPeople: () => {}, ...options },
    })
    const scene = new BadRoomHub(home, store, hub, new ToDevices(hub, store, await OperatorKey.open(home)))
    for (const device of [BAD, GOOD]) {
      await store.write({ name: 'addDevice', values: [device, COURT, 'Room'] })
      hub.tell({ is: 'room-added', court: COURT, device, room: 'Room', remembered: null })
    }
    return scene
  }

  /** As it comes from the broker. */
  says(device: string, name: TopicName, payload: string | Buffer | object, last = '', court = COURT): void {
    const isText = typeof payload === 'string' || Buffer.isBuffer(payload)
    const bytes = Buffer.from(isText ? (payload as string) : JSON.stringify(payload))
    this.hub.received({ court, device, name, last }, bytes, false)
  }

  async end(): Promise<void> {
    this.hub.stop()
    await this.store.close()
    rmSync(this.home, { recursive: true, force: true })
  }
}
