/** A real hub with some rooms enrolled, somebody at its console, and eyes on what it keeps and what is said. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import Database from 'better-sqlite3'
import { connectAsync, type MqttClient } from 'mqtt'
import { Authority } from '../../../../controller/ports/authority/authority.ts'
import { ReaderRegister } from '../../../../controller/ports/authority/readers.ts'
import { ConsoleClient } from '../../../../controller/simulator/console-client.ts'
import { roomsOf, type SimulatedRoom } from '../../../../controller/simulator/room.ts'
import type { AlarmRow, RoomDetail } from '../../../../controller/wire/console.ts'
import { parseTopic, type TopicName } from '../../../../controller/wire/fleet/topics.ts'
import { enrolInBulk, type Memberships } from '../../fleet/enrol-in-bulk.ts'
import { HubChild, type HubChildOptions, hubHome } from '../../fleet/hub-child.ts'
import { freePort } from '../../free-port.ts'
import type { DrillPlace } from './drill.ts'

export interface KeptRow {
  seq: number
  /** SHA-256, hex. */
  hash: string
  /** False for one that contradicts another of the same number. */
  isFirst: boolean
}

export interface HeardMessage {
  device: string
  name: TopicName
  text: string
  atMs: number
}

const ADMINISTRATOR = { name: 'drill', password: 'only for what is drilled' }
const REGION = 'Drill'

export class SmallRegion {
  private constructor(
    readonly hub: HubChild,
    readonly home: string,
    readonly rooms: readonly SimulatedRoom[],
    /** JSON: what each room was given when it was enrolled. */
    readonly membershipsFile: string,
    readonly mqttPort: number,
    readonly console: ConsoleClient,
  ) {}

  /** The hub runs, unless it is to come later: then `hub.start()` and `look()` are somebody else's. */
  static async start(
    { root, home: dir, atEnd }: DrillPlace,
    count: number,
    options: Partial<Pick<HubChildOptions, 'under'>> & { config?: Partial<HubChildOptions['config']> } = {},
  ): Promise<SmallRegion> {
    const home = hubHome(dir)
    const rooms = roomsOf(1, count).map((room) => ({ ...room, isUnbroken: true }))
    const docketKey = await identityToRecipient(await generateIdentity())
    const memberships = await enrolInBulk(join(home, 'authority'), REGION, rooms, docketKey)
    const mqttPort = await freePort()
    const { config, ...others } = options
    const hub = await HubChild.start({
      ...{ root, dir, administrator: ADMINISTRATOR, ...others },
      config: {
        ...{ region: REGION, web: { host: '127.0.0.1', port: await freePort(), tls: false } },
        broker: { kind: 'embedded', host: '127.0.0.1', port: mqttPort },
        ...config,
      },
    })
    atEnd(() => hub.stop())
    const region = new SmallRegion(hub, home, rooms, memberships, mqttPort, new ConsoleClient(hub.addresses.web))
    await region.look()
    return region
  }

  get memberships(): Memberships {
    return JSON.parse(readFileSync(this.membershipsFile, 'utf8')) as Memberships
  }

  /** Logs in; again after each start of the hub. */
  async look(): Promise<void> {
    await this.console.login(ADMINISTRATOR.name, ADMINISTRATOR.password)
  }

  detail({ court, device }: SimulatedRoom): Promise<RoomDetail> {
    return this.console.ask<RoomDetail>('room', { court: court.id, device })
  }

  async hasAlarm({ device }: SimulatedRoom, code: string): Promise<boolean> {
    const rows = await this.console.ask<AlarmRow[]>('alarms')
    return rows.some((row) => row.device === device && row.alarm.code === code)
  }

  authority(days = 365, now?: () => Date): Promise<Authority> {
    return Authority.open({ home: join(this.home, 'authority'), region: REGION, days, ...(now ? { now } : {}) })
  }

  /** Every event as it lies on the hub's disk, by device, the lowest number first. */
  kept(): Map<string, KeptRow[]> {
    const db = new Database(join(this.home, 'store', 'fleet.sqlite'), { readonly: true })
    try {
      const rows = db
        .prepare<[], { name: string; seq: number; hash: Buffer; isFirst: number }>(
          `WITH kept AS (SELECT device, seq, hash, 1 AS isFirst FROM event
                         UNION ALL SELECT device, seq, hash, 0 FROM other_event)
           SELECT name, seq, hash, isFirst FROM kept JOIN device ON device.id = kept.device ORDER BY seq, isFirst DESC`,
        )
        .all()
      const byDevice = new Map<string, KeptRow[]>()
      for (const { name, seq, hash, isFirst } of rows) {
        const known = byDevice.get(name) ?? []
        known.push({ seq, hash: hash.toString('hex'), isFirst: isFirst === 1 })
        byDevice.set(name, known)
      }
      return byDevice
    } finally {
      db.close()
    }
  }

  /** Hears what all devices say, as a tool of IT does. */
  async listen(): Promise<{ heard: HeardMessage[]; end: () => Promise<void> }> {
    const { ca, cert, key } = await (await this.authority()).issueReader('drill')
    await (await ReaderRegister.open(join(this.home, 'authority'))).issued('reader-drill', cert)
    const client: MqttClient = await connectAsync(`mqtts://localhost:${this.mqttPort}`, {
      ...{ ca, cert, key, clientId: 'reader-drill', protocolVersion: 4, reconnectPeriod: 0 },
    })
    const heard: HeardMessage[] = []
    client.on('message', (topic, payload) => {
      const parsed = parseTopic(topic)
      if (parsed)
        heard.push({ device: parsed.device, name: parsed.name, text: payload.toString('utf8'), atMs: Date.now() })
    })
    await client.subscribeAsync('verbatim/v1/#', { qos: 1 })
    return { heard, end: () => client.endAsync(true) }
  }
}
