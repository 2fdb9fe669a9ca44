import { parseArgs } from 'node:util'
import { BROKERS, type BrokerKind, readBroker, readCount } from '../options.ts'

export interface BareBenchOptions {
  /** One after the other, each with so many clients. */
  peers: readonly { broker: BrokerKind; devices: number }[]
  /** Measured, once all are in. */
  seconds: number
  /** That the clients are spread over. */
  processes: number
  json: boolean
}

/** As many as each takes in on two cores; three nodes of NATS agree on every session. */
const DEVICES: Record<BrokerKind, number> = { embedded: 10_000, mosquitto: 10_000, nats: 3_000 }

/** The words after `fleet`, with `--bare` among them; throws an Error with one sentence for a person. */
export const readBareBenchOptions = (args: string[]): BareBenchOptions => {
  const { values } = parseArgs({
    args,
    options: {
      bare: { type: 'boolean' },
      devices: { type: 'string' },
      broker: { type: 'string' },
      seconds: { type: 'string', default: '30' },
      processes: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  })
  const brokers = values.broker === undefined ? BROKERS : [readBroker(values.broker)]
  const devices = values.devices === undefined ? null : readCount('--devices', values.devices, 1, 15_000)
  return {
    peers: brokers.map((broker) => ({ broker, devices: devices ?? DEVICES[broker] })),
    seconds: readCount('--seconds', values.seconds, 5, 3_600),
    processes: readCount('--processes', values.processes, 1, 32),
    json: values.json,
  }
}
