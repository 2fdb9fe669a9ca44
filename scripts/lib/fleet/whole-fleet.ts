/** A hub, its broker, its devices, and somebody at its console: all there is of a fleet, on this machine. */
import type { z } from 'zod'
import { ConsoleClient } from '../../../controller/simulator/console-client.ts'
import { COURTS } from '../../../controller/simulator/courts.ts'
import { atLocal, workingDayAt } from '../../../controller/simulator/local-day.ts'
import type { HubConfig } from '../../../controller/wire/hub-config.ts'
import type { Ending } from '../endings.ts'
import { freePort } from '../free-port.ts'
import { Devices } from './devices.ts'
import { enrolFleet } from './enrolled-fleet.ts'
import { HubChild, type HubChildOptions } from './hub-child.ts'
import { type KeptEvents, keptEvents } from './kept-events.ts'
import { Onlooker } from './onlooker.ts'
import { type OutsideBroker, startOutsideBroker } from './outside-broker.ts'

export interface WholeFleetOptions {
  root: string
  /** Everything lies here. */
  dir: string
  devices: number
  broker: 'embedded' | 'mosquitto' | 'nats'
  config?: Partial<z.input<typeof HubConfig>>
  execArgv?: HubChildOptions['execArgv']
  under?: HubChildOptions['under']
  say: (line: string) => void
  atEnd: (task: Ending) => void
}

export interface DevicesWanted {
  processes: number
  connectsPerSecond: number
  /** Of MQTT; 4: 3.1.1. */
  version?: 4 | 5
}

const ADMINISTRATOR = { name: 'onlooker', password: 'only for what is measured' }

export class WholeFleet {
  private constructor(
    private readonly options: WholeFleetOptions,
    /** File with what each device was given. */
    private readonly memberships: string,
    readonly outside: OutsideBroker | null,
    readonly hub: HubChild,
    readonly devices: Devices,
    readonly console: ConsoleClient,
    readonly onlooker: Onlooker,
  ) {}

  /** With everybody enrolled, and no device started yet. */
  static async start(options: WholeFleetOptions): Promise<WholeFleet> {
    const { root, dir, broker, execArgv = [], under = [], config, say, atEnd } = options
    say('certificates ...')
    const enrolled = await enrolFleet(dir, options.devices)
    const outside = broker === 'embedded' ? null : await startOutsideBroker(broker, dir, enrolled)
    if (outside) atEnd(() => outside.stop())
    const hub = await HubChild.start({
      ...{ root, dir, administrator: ADMINISTRATOR, execArgv, under },
      config: {
        region: enrolled.region,
        web: { host: '127.0.0.1', port: await freePort(), tls: false },
        broker: outside?.config ?? {
          ...{ kind: 'embedded', host: '127.0.0.1', port: await freePort() },
          maxDevices: options.devices + 100,
        },
        courts: COURTS.map(({ id, name, region }) => ({ id, name, region })),
        ...config,
      },
    })
    atEnd(() => hub.stop())
    const devices = new Devices(root)
    atEnd(() => devices.kill())
    const client = new ConsoleClient(hub.addresses.web)
    const onlooker = new Onlooker(client)
    atEnd(() => onlooker.stop())
    const fleet = new WholeFleet(options, enrolled.memberships, outside, hub, devices, client, onlooker)
    await fleet.look()
    return fleet
  }

  /** Of so many are all shown online. */
  get areAllOnline(): boolean {
    return this.onlooker.count('online') >= this.options.devices
  }

  /** Somebody logs in and watches. Whoever was logged in before the hub was killed is not any more. */
  async look(): Promise<void> {
    await this.console.login(ADMINISTRATOR.name, ADMINISTRATOR.password)
    await this.onlooker.look()
  }

  async startDevices({ processes, connectsPerSecond, version = 4 }: DevicesWanted): Promise<void> {
    const url = this.outside?.publicUrl ?? this.hub.addresses.mqtt
    await this.devices.start(processes, {
      ...{ seed: 1, total: this.options.devices, connectsPerSecond, url, memberships: this.memberships },
      ...{ speed: 1, version, dayMs: atLocal(workingDayAt(Date.now()), 10) },
    })
  }

  /** As the hub has them on its disk. */
  kept(): Map<string, KeptEvents> {
    return keptEvents(this.hub.home)
  }
}
