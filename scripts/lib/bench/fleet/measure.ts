/** Thousands of rooms against a hub and its broker: how long, how much, and whether anything is lost. */
import { setTimeout as delay } from 'node:timers/promises'
import { atLocal, workingDayAt } from '../../../../controller/simulator/local-day.ts'
import { type Latencies, latenciesOf } from '../../fleet/latencies.ts'
import { cpuSecondsOf, memoryOf } from '../processes.ts'
import type { Counted, Devices } from './devices.ts'
import type { Onlooker } from './onlooker.ts'
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
  backAfterKillSeconds: number
  willsSeconds: number
}

export interface Bench {
  options: FleetBenchOptions
  devices: Devices
  onlooker: Onlooker
  measured: readonly Measured[]
  memberships: string
  brokerUrls: readonly string[]
  /** Ends the hub with SIGKILL, starts it again, and looks at it anew. */
  killHub: () => Promise<void>
  /** Events of each device as the hub keeps them: how many, and of how many numbers. */
  kept: () => Map<string, { rows: number; numbers: number; last: number }>
  say: (line: string) => void
}

const MINUTE_MS = 60_000

const weigh = async (measured: readonly Measured[], work: () => Promise<void>): Promise<Usage[]> => {
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

const connectAll = async ({ options, devices, onlooker, memberships, brokerUrls }: Bench): Promise<number> => {
  const { devices: total, processes, connectsPerSecond } = options
  await devices.start(processes, {
    ...{ seed: 1, total, connectsPerSecond, urls: brokerUrls, memberships, speed: 1, version: 4 },
    dayMs: atLocal(workingDayAt(Date.now()), 10),
  })
  return (await onlooker.until('connecting all', 15 * MINUTE_MS, () => onlooker.count('online') >= total)) / 1_000
}

/** When nothing waits on any device any more: what was raised, and what the hub has of it. */
const judgeEvents = async ({ devices, kept }: Bench): Promise<{ events: number; missing: number; doubled: number }> => {
  let counted: Counted = await devices.count()
  for (const until = performance.now() + 3 * MINUTE_MS; counted.waiting > 0 && performance.now() < until; ) {
    await delay(1_000)
    counted = await devices.count()
  }
  const known = kept()
  const totals = { events: 0, missing: counted.waiting, doubled: 0 }
  for (const [device, last] of Object.entries(counted.events)) {
    const of = known.get(device) ?? { rows: 0, numbers: 0, last: 0 }
    totals.events += last
    totals.missing += Math.max(0, last - of.numbers)
    totals.doubled += of.rows - of.numbers
  }
  return totals
}

export const measureFleet = async (bench: Bench): Promise<FleetFigures> => {
  const { options, devices, onlooker, measured, say, killHub } = bench
  const { devices: total, seconds, alarmsPerSecond } = options
  const online = () => onlooker.count('online') >= total
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
  await killHub()
  const back = await onlooker.until('all back after the hub was killed', 15 * MINUTE_MS, online)
  devices.rest()
  say('counting events ...')
  const counted = await judgeEvents(bench)
  say('kill -9 of all devices ...')
  const begun = performance.now()
  await devices.kill()
  await onlooker.until('all wills shown', 3 * MINUTE_MS, () => onlooker.count('lost') >= total)
  return {
    ...{ connectSeconds, connectUsage, usage, event, raised, notShown, ...counted },
    ...{ frozenLostSeconds: frozen / 1_000, thawedSeconds: thawed / 1_000, backAfterKillSeconds: back / 1_000 },
    willsSeconds: (performance.now() - begun) / 1_000,
  }
}
