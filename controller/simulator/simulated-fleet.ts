/** Many simulated appliances in one process, of which each connects as itself. */
import type { ErrorCode } from '../base/error.ts'
import { FileShelf } from '../ports/outbox/file-shelf.ts'
import { MemoryShelf } from '../ports/outbox/memory-shelf.ts'
import type { Credentials } from '../ports/uplink/connection.ts'
import type { Heard } from '../ports/uplink/uplink.ts'
import { FileMemory, ForgetfulMemory } from '../ports/uplink/uplink-memory.ts'
import { birthOf, type Papers } from './born.ts'
import { MqttLine } from './mqtt-line.ts'
import { Obeying } from './obeying.ts'
import { Openings } from './openings.ts'
import type { SimulatedRoom } from './room.ts'
import { Schedule } from './schedule.ts'
import { SimulatedAppliance } from './simulated-appliance.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** What a device was given when it became one of the fleet. */
export interface Membership extends Papers {
  court: string
  url: string
  credentials?: Credentials
  /** Ed25519, raw, base64: whose orders count; without it none is obeyed. */
  operatorKey?: string
}

export interface FleetOptions {
  rooms: readonly SimulatedRoom[]
  time: SimulatedTime
  membership: (room: SimulatedRoom) => Membership
  /** Folder in which a room keeps what it must not forget; without it everything is in memory. */
  folder?: (room: SimulatedRoom) => string
  connectsPerSecond: number
  changed?: (device: string, isConnected: boolean) => void
  complain?: (device: string, code: ErrorCode, text: string) => void
  version?: 4 | 5
}

export interface SimulatedDevice {
  room: SimulatedRoom
  line: MqttLine
  appliance: SimulatedAppliance
}

export class SimulatedFleet {
  readonly devices: readonly SimulatedDevice[]
  readonly #schedule = new Schedule()
  readonly #openings = new Openings()

  constructor(private readonly options: FleetOptions) {
    this.devices = options.rooms.map((room) => this.#device(room))
  }

  start(): void {
    const { connectsPerSecond } = this.options
    for (const [place, { appliance }] of this.devices.entries())
      this.#schedule.after((place / connectsPerSecond) * 1_000, () => appliance.start())
  }

  async end(): Promise<void> {
    this.#schedule.stop()
    await Promise.all(this.devices.map(({ appliance }) => appliance.end()))
  }

  #device(room: SimulatedRoom): SimulatedDevice {
    const { time, membership, folder, changed, complain, version } = this.options
    const { court, url, credentials, operatorKey, ...papers } = membership(room)
    const { device } = room
    const home = folder?.(room)
    const obeying = new Obeying({
      ...{ device, operatorKey: operatorKey ?? '', utcMs: Date.now },
      now: () => appliance.latest,
      result: (result) => line.result(result),
      report: (reported) => line.reported(reported),
      raise: (event) => line.raise(event),
      restart: () => appliance.restart(),
    })
    const line: MqttLine = new MqttLine({
      ...{ court, device, url, credentials, openings: this.#openings },
      shelf: home === undefined ? new MemoryShelf() : new FileShelf(home),
      memory: home === undefined ? new ForgetfulMemory() : new FileMemory(home),
      birth: () => birthOf(room, papers, Date.now()),
      reported: () => obeying.reported,
      heard: (what, payload) => {
        if (operatorKey && isOrdered(what)) obeying.hear(what, payload)
      },
      changed: (isConnected) => changed?.(device, isConnected),
      complain: (code, text) => complain?.(device, code, text),
      ...(version ? { version } : {}),
    })
    const appliance: SimulatedAppliance = new SimulatedAppliance({
      ...{ room, time, line, schedule: this.#schedule },
      configRev: () => obeying.configRev,
    })
    return { room, line, appliance }
  }
}

const isOrdered = (what: Heard): what is 'order' | 'desired' | 'docket' =>
  what === 'order' || what === 'desired' || what === 'docket'
