/** A broker with its authority, and devices that may connect to it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { Authority } from '../../controller/ports/authority/authority.ts'
import { AuthorityRegister } from '../../controller/ports/authority/register.ts'
import { Broker, type BrokerFault, type BrokerOptions } from '../../controller/ports/broker/broker.ts'
import { enrolledDevice } from './fleet-keys.ts'

export const COURT = 'almaty-district'

export interface DeviceFiles {
  ca: string
  cert: string
  key: string
}

export class FleetBroker {
  readonly faults: BrokerFault[] = []
  readonly clients: MqttClient[] = []
  broker!: Broker

  private constructor(
    readonly home: string,
    readonly authority: Authority,
    readonly register: AuthorityRegister,
  ) {}

  static async start(
    messagesPerSecond = 1_000,
    limits: Pick<Partial<BrokerOptions>, 'maxPerAddress' | 'maxStrangersPerAddress' | 'mostUnread'> = {},
  ): Promise<FleetBroker> {
    const home = mkdtempSync(join(tmpdir(), 'verbatim-broker-'))
    const authority = await Authority.open({ home, region: 'Almaty', days: 1 })
    const fleet = new FleetBroker(home, authority, await AuthorityRegister.open(home))
    fleet.broker = await Broker.start({
      ...{ host: '127.0.0.1', port: 0, tls: await authority.serverFiles(['localhost']), maxDevices: 100 },
      messagesPerSecond,
      ...limits,
      admit: ({ name, court, serial }) => {
        if (name.startsWith('reader-')) return { is: 'reader', name }
        return court && serial && fleet.register.isGood(name, serial) ? { is: 'device', device: name, court } : null
      },
      told: (fault) => fleet.faults.push(fault),
    })
    return fleet
  }

  /** Enrolled, as if somebody had typed its code. */
  async enrol(device: string, court = COURT): Promise<DeviceFiles> {
    return enrolledDevice(this.authority, this.register, device, court)
  }

  /** MQTT.js as anybody would use it; never comes back by itself. */
  async connect(files: DeviceFiles, clientId: string, options: IClientOptions = {}): Promise<MqttClient> {
    const client = connect(`mqtts://127.0.0.1:${this.broker.port}`, {
      ...{
        ...files,
        clientId,
        servername: 'localhost',
        protocolVersion: 4,
        reconnectPeriod: 0,
        connectTimeout: 20_000,
      },
      ...{ keepalive: 60, ...options },
    })
    this.clients.push(client)
    await new Promise<void>((resolve, reject) => {
      client.on('connect', () => resolve())
      client.on('error', reject)
      client.on('close', () => reject(new Error('closed')))
    })
    return client
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.end(true)
    await this.broker.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}
