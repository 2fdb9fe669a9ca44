/** Thousands of light clients at a broker that has nothing beside it. */
import { setTimeout as delay } from 'node:timers/promises'
import { within } from '../../../../../controller/base/within.ts'
import type { Ending } from '../../../endings.ts'
import { type Latencies, latenciesOf } from '../../../fleet/latencies.ts'
import { memoryOf } from '../../processes.ts'
import { type Usage, weigh } from '../measure.ts'
import { type BareBrokerOptions, startBareBroker } from './bare-broker.ts'
import { LightClients } from './light-clients.ts'
import { Listener } from './listener.ts'

export interface BareFigures {
  /** Of the broker before anybody came. */
  emptyMb: number
  connectSeconds: number
  /** Of each node, from the first connection until all are in, and the memory then. */
  connectUsage: Usage[]
  usage: Usage[]
  puback: Latencies
  said: number
  /** By the subscriber to all. */
  heard: number
  /** Connections that ended by themselves. */
  ended: number
  /** From the death of all clients until all wills were heard, or nobody waited any longer. */
  willsSeconds: number
  /** Of so many devices the birth and the will were heard. */
  births: number
  wills: number
}

export interface BareBench extends BareBrokerOptions {
  /** Measured, once all are in. */
  seconds: number
  everyMs: number
  processes: number
  say: (line: string) => void
  atEnd: (task: Ending) => void
}

/** Connections that are on their way at once, together. */
const OPENING = 100
const MINUTE_MS = 60_000

/** Milliseconds until it is so, or until the time is over. */
const waitUntil = async (mostMs: number, is: () => boolean): Promise<number> => {
  const begun = performance.now()
  while (!is() && performance.now() - begun < mostMs) await delay(10)
  return performance.now() - begun
}

export const measureBare = async (bench: BareBench): Promise<BareFigures> => {
  const { root, members, secure, seconds, everyMs, processes, say, atEnd } = bench
  const total = members.length
  const broker = await startBareBroker(bench)
  atEnd(() => broker.stop())
  const { ports, measured } = broker
  const memberships = secure?.memberships ?? null
  const clients = await LightClients.start(root, processes, {
    ...{ clients: members, ports, memberships, everyMs, opening: OPENING },
  })
  atEnd(() => clients.kill())
  const listener = await Listener.start(broker)
  atEnd(() => listener.stop())
  const emptyMb = measured.reduce((sum, { pids }) => sum + memoryOf(pids()).rssMb, 0)
  say(`connecting ${total} clients ...`)
  let connectSeconds = 0
  const connectUsage = await weigh(measured, async () => {
    const begun = performance.now()
    await within(5 * MINUTE_MS, clients.connect(), 'all clients')
    connectSeconds = (performance.now() - begun) / 1_000
  })
  await waitUntil(MINUTE_MS, () => listener.births.size >= total)
  say(`all in after ${connectSeconds.toFixed(1)} s; ${seconds} s of a message from each every ${everyMs / 1_000} s ...`)
  clients.talk()
  const usage = await weigh(measured, () => delay(seconds * 1_000))
  const { said, latenciesMs, ended } = await clients.rest()
  await waitUntil(MINUTE_MS, () => listener.messages >= said)
  const { messages: heard } = listener
  say('kill -9 of all clients ...')
  const begun = performance.now()
  await clients.kill()
  await waitUntil(2 * MINUTE_MS, () => listener.wills.size >= total)
  const willsSeconds = (performance.now() - begun) / 1_000
  return {
    ...{ emptyMb, connectSeconds, connectUsage, usage, puback: latenciesOf(latenciesMs), said, heard, ended },
    ...{ willsSeconds, births: listener.births.size, wills: listener.wills.size },
  }
}
