/** Thousands of rooms against a hub and its broker: how long, how much, and whether anything is lost. */
import { setTimeout as delay } from 'node:timers/promises'
import { countEvents } from '../../fleet/count-events.ts'
import { type Latencies, latenciesOf } from '../../fleet/latencies.ts'
import { shownOnlineAfter } from '../../fleet/shown-online.ts'
import type { WholeFleet } from '../../fleet/whole-fleet.ts'
import { cpuSecondsOf, memoryOf } from '../processes.ts'
import type { FleetBenchOptions } from './options.ts'

/** A program that is measured. */
export interface Measured {
  name: string
  pids: () => number[]
}

export interface Usage {
  name: string
  /** Of one core. */
  cpuPercent: number
  rssMb: number
}

export interface FleetFigures {
  connectSeconds: number
  connectUsage: Usage[]
  usage: Usage[]
  event: Latencies
  raised: number
  notShown: number
  /** Events that devices raised, and those of them that the hub has not kept, or kept twice. */
  events: number
  missing: number
  doubled: number
  frozenLostSeconds: number
  thawedSeconds: number
  /** From a room's being taken in by the broker to its being shown online. */
  shownOnline: Latencies
  backAfterKillSeconds: number
  willsSeconds: number
}

export interface Bench {
  options: FleetBenchOptions
  fleet: WholeFleet
  measured: readonly Measured[]
  say: (line: string) => void
}

const MINUTE_MS = 60_000

/** Processor time while `work` is done, and the memory after it. */
export const weigh = async (measured: readonly Measured[], work: () => Promise<void>): Promise<Usage[]> => {
  const before = measured.map(({ pids }) => cpuSecondsOf(pids()))
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1_000
  return measured.map(({ name, pids }, i) => ({
    name,
    cpuPercent: ((cpuSecondsOf(pids()) - before[i]!) / seconds) * 100,
    rssMb: memoryOf(pids()).rssMb,
  }))
}

const connectAll = async ({ options, fleet }: Bench): Promise<number> => {
  await fleet.startDevices(options)
  return (await fleet.onlooker.until('connecting all', 15 * MINUTE_MS, () => fleet.areAllOnline)) / 1_000
}

export const measureFleet = async (bench: Bench): Promise<FleetFigures> => {
  const { options, fleet, measured, say } = bench
  const { devices, onlooker } = fleet
  const { devices: total, seconds, alarmsPerSecond } = options
  const online = () => fleet.areAllOnline
  say(`connecting ${total} devices ...`)
  let connectSeconds = 0
  const connectUsage = await weigh(measured, async () => {
    connectSeconds = await connectAll(bench)
  })
  say(`all shown online after ${connectSeconds.toFixed(1)} s; ${seconds} s of an ordinary morning ...`)
  await delay(10_000)
  devices.raise(alarmsPerSecond)
  const usage = await weigh(measured, () => delay(seconds * 1_000))
  devices.rest()
  await delay(5_000)
  const event = latenciesOf(onlooker.latenciesMs)
  const raised = devices.raised.length
  const notShown = devices.raised.filter(({ device, atMs }) => !onlooker.hasSeen(device, atMs)).length
  say('all devices fall silent with their connections open ...')
  devices.freeze('SIGSTOP')
  const frozen = await onlooker.until('all shown lost', 3 * MINUTE_MS, () => onlooker.count('lost') >= total)
  devices.freeze('SIGCONT')
  const thawed = await onlooker.until('all back', 10 * MINUTE_MS, online)
  say('kill -9 of the hub while alarms are raised ...')
  devices.raise(alarmsPerSecond)
  await delay(2_000)
  await fleet.hub.kill()
  await fleet.hub.start()
  await fleet.look()
  const back = await onlooker.until('all back after the hub was killed', 15 * MINUTE_MS, online)
  devices.rest()
  const shownOnline = latenciesOf(shownOnlineAfter(devices.connections, onlooker.onlineMs))
  say('counting events ...')
  const { events, missing, doubled } = await countEvents(fleet, 3 * MINUTE_MS)
  say('kill -9 of all devices ...')
  const begun = performance.now()
  await devices.kill()
  await onlooker.until('all wills shown', 3 * MINUTE_MS, () => onlooker.count('lost') >= total)
  return {
    ...{ connectSeconds, connectUsage, usage, shownOnline, event, raised, notShown, events, missing, doubled },
    ...{ frozenLostSeconds: frozen / 1_000, thawedSeconds: thawed / 1_000, backAfterKillSeconds: back / 1_000 },
    willsSeconds: (performance.now() - begun) / 1_000,
  }
}
