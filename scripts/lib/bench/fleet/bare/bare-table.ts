/** The figures of a bare broker for people: without and with TLS, side by side. */
import type { Table } from '../../part.ts'
import type { Usage } from '../measure.ts'
import type { BrokerKind } from '../options.ts'
import type { BareFigures } from './measure-bare.ts'

export interface Peer {
  broker: BrokerKind
  devices: number
  plain: BareFigures
  secure: BareFigures
}

const cpuOf = (usages: readonly Usage[]): number => usages.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0)
const memoryOf = (usages: readonly Usage[]): number => usages.reduce((sum, { rssMb }) => sum + rssMb, 0)

interface Row {
  what: string
  of: (figures: BareFigures) => number
  unit: string
  digits: number
}

const NAMES: Record<BrokerKind, string> = {
  embedded: 'our own broker',
  mosquitto: 'Mosquitto',
  nats: 'a cluster of three NATS nodes',
}

const rowsFor = (total: number, everyMs: number): Row[] => {
  const talking = `at ${Math.round((total / everyMs) * 1_000)} messages a second`
  return [
    { what: 'from the first connection to all in', of: (of) => of.connectSeconds, unit: ' s', digits: 1 },
    { what: 'connections a second', of: (of) => total / of.connectSeconds, unit: '', digits: 0 },
    { what: 'broker while they connect, of a core', of: (of) => cpuOf(of.connectUsage), unit: ' %', digits: 0 },
    {
      what: 'its processor time for each connection',
      of: (of) => (cpuOf(of.connectUsage) * of.connectSeconds * 10) / total,
      ...{ unit: ' ms', digits: 2 },
    },
    { what: 'its memory before anybody came', of: (of) => of.emptyMb, unit: ' MB', digits: 0 },
    { what: 'its memory when all are in', of: (of) => memoryOf(of.connectUsage), unit: ' MB', digits: 0 },
    { what: `its memory ${talking}`, of: (of) => memoryOf(of.usage), unit: ' MB', digits: 0 },
    { what: `broker ${talking}, of a core`, of: (of) => cpuOf(of.usage), unit: ' %', digits: 1 },
    { what: 'message to PUBACK, p50', of: (of) => of.puback.p50Ms, unit: ' ms', digits: 1 },
    { what: 'message to PUBACK, p99', of: (of) => of.puback.p99Ms, unit: ' ms', digits: 1 },
    { what: 'all clients die, to all wills heard', of: (of) => of.willsSeconds, unit: ' s', digits: 2 },
  ]
}

/** Of nothing there is none. */
const ratio = (of: number, to: number): string => (to > 0 ? (of / to).toFixed(1) : '')
const counted = ({ said, puback, heard }: BareFigures): string => `${said}, ${puback.count}, ${heard}`

/** @param everyMs from one message of a client to its next */
export const bareTable = ({ broker, devices, ...both }: Peer, everyMs: number): Table => {
  const ways = [both.plain, both.secure]
  return {
    title: `${devices} light clients, ${NAMES[broker]} alone`,
    head: ['what', 'plain', 'mutual TLS', 'ratio'],
    rows: [
      ...rowsFor(devices, everyMs).map(({ what, of, unit, digits }) => [
        what,
        ...ways.map((figures) => `${of(figures).toFixed(digits)}${unit}`),
        ratio(of(both.secure), of(both.plain)),
      ]),
      ['messages said, acknowledged, heard', ...ways.map(counted)],
      ['devices whose birth, whose will was heard', ...ways.map(({ births, wills }) => `${births}, ${wills}`)],
      ['connections that ended by themselves', ...ways.map(({ ended }) => `${ended}`)],
    ],
    notes: [
      `each with a will, a retained birth and a subscription at QoS 0, then 200 bytes at QoS 1 every ${everyMs / 1_000} s`,
      'one subscriber to all, clients and broker on the same cores; 100 connections on their way at once',
      'plain: no TLS, and rights only at our own broker; of NATS, all nodes together; memory: resident',
    ],
  }
}
