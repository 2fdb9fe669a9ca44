import { parseArgs } from 'node:util'
import { BROKERS, type BrokerKind, readBroker, readCount } from '../options.ts'

export interface BareBenchOptions {
  /** One after the other. */
  brokers: readonly BrokerKind[]
  devices: number
  /** Measured, once all are in. */
  seconds: number
  /** That the clients are spread over. */
  processes: number
  json: boolean
}

/** The configurations of `hardware/fleet` take in so many, and the subscriber to all. */
const MOST_DEVICES = 11_999

/** The words after `fleet`, with `--bare` among them; throws an Error with one sentence for a person. */
export const readBareBenchOptions = (args: string[]): BareBenchOptions => {
  const { values } = parseArgs({
    args,
    options: {
      bare: { type: 'boolean' },
      devices: { type: 'string', default: '10000' },
      broker: { type: 'string' },
      seconds: { type: 'string', default: '30' },
      processes: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  })
  const brokers = values.broker === undefined ? BROKERS : [readBroker(values.broker)]
  return {
    ...{ brokers, devices: readCount('--devices', values.devices, 1, MOST_DEVICES) },
    seconds: readCount('--seconds', values.seconds, 5, 3_600),
    processes: readCount('--processes', values.processes, 1, 32),
    json: values.json,
  }
}
