import { parseArgs } from 'node:util'

export const BROKERS = ['embedded', 'mosquitto', 'nats'] as const
export type BrokerKind = (typeof BROKERS)[number]

export interface FleetBenchOptions {
  devices: number
  broker: BrokerKind
  /** Measured, once all are connected. */
  seconds: number
  /** Raised in the whole fleet each second, beside what happens in the rooms by itself. */
  alarmsPerSecond: number
  connectsPerSecond: number
  /** That the devices are spread over. */
  processes: number
  json: boolean
}

/** The words after `fleet`; throws an Error with one sentence for a person. */
export const readFleetBenchOptions = (args: string[]): FleetBenchOptions => {
  const { values } = parseArgs({
    args,
    options: {
      devices: { type: 'string', default: '10000' },
      broker: { type: 'string', default: 'embedded' },
      // The only way there is; for those who say so.
      tls: { type: 'boolean', default: true },
      seconds: { type: 'string', default: '60' },
      alarms: { type: 'string', default: '20' },
      connects: { type: 'string', default: '1000' },
      processes: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  })
  return {
    devices: readCount('--devices', values.devices, 1, 50_000),
    ...{ broker: readBroker(values.broker), json: values.json },
    seconds: readCount('--seconds', values.seconds, 5, 3_600),
    alarmsPerSecond: readCount('--alarms', values.alarms, 1, 1_000),
    connectsPerSecond: readCount('--connects', values.connects, 1, 100_000),
    processes: readCount('--processes', values.processes, 1, 32),
  }
}

export const readBroker = (text: string): BrokerKind => {
  const broker = BROKERS.find((kind) => kind === text)
  if (!broker) throw new Error(`--broker wants one of ${BROKERS.join(', ')}, not "${text}"`)
  return broker
}

export const readCount = (option: string, text: string, least: number, most: number): number => {
  const count = Number(text)
  if (Number.isInteger(count) && count >= least && count <= most) return count
  throw new Error(`${option} wants a whole number from ${least} to ${most}, not "${text}"`)
}
