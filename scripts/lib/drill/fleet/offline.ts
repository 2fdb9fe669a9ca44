/**
 * Three days without the hub: what courts raise meanwhile is kept on real disks by a process that is killed again and
 * again, and then the hub comes.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HOUR_MS, MINUTE_MS } from '../../../../controller/base/units.ts'
import type { KeptEvent } from '../../../../controller/ports/outbox/kept-event.ts'
import { atLocal, isWorkingDay, workingDayAt } from '../../../../controller/simulator/local-day.ts'
import type { MessageOf } from '../../../../controller/wire/fleet/topics.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { Gate } from './gate.ts'
import { bytesIn, keptOnDevice } from './kept-on-device.ts'
import type { FromOffline, OfflineOrder } from './offline-words.ts'
import { type HeardMessage, SmallRegion } from './small-region.ts'

const MOST_ROOMS = 50
const OFFLINE_HOURS = 72
/** Hours after which it is killed; the rest goes by in one life, longer than metrics are kept. */
const KILLED_AT_HOURS = [3, 8, 10.5, 17, 26, 33, 38]
const KEPT_METRICS_HOURS = 24
const DRAINED_WITHIN_MS = 10 * MINUTE_MS
const METRICS_WATCHED_MS = 5_000

/** Three working days in a row that are over. */
const workingDaysBefore = (utcMs: number): number => {
  let day = workingDayAt(utcMs) - 3
  while (![0, 1, 2].every((after) => isWorkingDay(day + after))) day--
  return atLocal(day, 0)
}

type Lived = Extract<FromOffline, { is: 'lived' }>

/** Devices in a process of their own, from one kill to the next. */
class Life {
  lived: Lived | null = null
  isOver = false
  readonly connectedMs = new Map<string, number>()

  private constructor(readonly child: ChildProcess) {
    child.on('message', (message: FromOffline) => {
      if (message.is === 'lived') this.lived = message
      if (message.is === 'over') this.isOver = true
      if (message.is === 'connected' && !this.connectedMs.has(message.device))
        this.connectedMs.set(message.device, message.atMs)
    })
  }

  static async begin(root: string, order: OfflineOrder): Promise<Life> {
    const child = fork(join(root, 'scripts/lib/drill/fleet/offline-process.ts'), {
      execArgv: ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs')],
    })
    const life = new Life(child)
    await once(child, 'message')
    child.send({ do: 'live', order })
    return life
  }

  async until(is: () => boolean): Promise<void> {
    while (!is()) {
      if (this.child.exitCode !== null) throw new Error(`the process of devices ended: ${this.child.exitCode}`)
      await delay(5)
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await gone
  }
}

type OnDevices = Map<string, readonly KeptEvent[]>

/** Of what counted before, how much is not there any more, or is something else. */
const lostBetween = (before: OnDevices, after: OnDevices): number => {
  let lost = 0
  for (const [device, events] of before) {
    const hashes = new Map(after.get(device)?.map(({ seq, hash }) => [seq, hash]))
    for (const { seq, hash } of events) if (hashes.get(seq) !== hash) lost++
  }
  return lost
}

/** Events that came to the hub out of turn: urgent ones go first, each kind in the order of its numbers. */
const outOfTurn = (heard: readonly HeardMessage[], offline: OnDevices): number => {
  let wrong = 0
  for (const [device, events] of offline) {
    const place = new Map<number, number>()
    for (const { text } of heard.filter((one) => one.device === device && one.name === 'event')) {
      const { seq } = JSON.parse(text) as MessageOf<'event'>
      if (!place.has(seq)) place.set(seq, place.size)
    }
    const order = [...events.filter(({ urgent }) => urgent), ...events.filter(({ urgent }) => !urgent)]
    const places = order.map(({ seq }) => place.get(seq) ?? Number.NaN)
    wrong += places.filter((at, i) => i > 0 && !(at > places[i - 1]!)).length
  }
  return wrong
}

/** Hours before the end of the oldest that comes, the worst of all rooms; and whether one came before an older one. */
const metricsHeard = (heard: readonly HeardMessage[], endMs: number) => {
  const atOf = new Map<string, number[]>()
  for (const { device, name, text } of heard)
    if (name === 'metrics')
      atOf.set(device, [...(atOf.get(device) ?? []), Date.parse((JSON.parse(text) as MessageOf<'metrics'>).at)])
  const oldest = [...atOf.values()].map((times) => (endMs - Math.min(...times)) / HOUR_MS)
  return { rooms: atOf.size, least: Math.min(...oldest), most: Math.max(...oldest) }
}

const run = async (place: DrillPlace): Promise<Finding[]> => {
  const { root, home, say, atEnd } = place
  const rooms = Math.min(place.devices, MOST_ROOMS)
  const region = await SmallRegion.start(place, rooms)
  await region.hub.stop()
  const gate = await Gate.make()
  atEnd(() => gate.close())
  const folder = join(home, 'devices')
  const onDevices = async (): Promise<OnDevices> => {
    const all = await Promise.all(
      region.rooms.map(async ({ device }) => [device, await keptOnDevice(join(folder, device))] as const),
    )
    return new Map(all)
  }
  const toUtcMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const order: OfflineOrder = {
    ...{ rooms, folder, memberships: region.membershipsFile, url: `mqtts://localhost:${gate.port}` },
    ...{ startMs: workingDaysBefore(toUtcMs), startUtcMs: toUtcMs - OFFLINE_HOURS * HOUR_MS, toUtcMs },
    fromUtcMs: toUtcMs - OFFLINE_HOURS * HOUR_MS,
  }

  const begunMs = performance.now()
  let metrics = 0
  let lost = 0
  let untold = 0
  let life = await Life.begin(root, order)
  atEnd(() => life.kill())
  for (const hours of KILLED_AT_HOURS) {
    const { startUtcMs } = order
    await life.until(() => (life.lived?.utcMs ?? 0) >= startUtcMs + hours * HOUR_MS)
    await delay(Math.random() * 200)
    await life.kill()
    const { utcMs, last, metrics: said } = life.lived!
    metrics += said
    const before = await onDevices()
    for (const [device, number] of Object.entries(last))
      untold += Math.max(0, number - (before.get(device)?.at(-1)?.seq ?? 0))
    say(`killed after ${((utcMs - startUtcMs) / HOUR_MS).toFixed(1)} h of the ${OFFLINE_HOURS}`)
    life = await Life.begin(root, { ...order, fromUtcMs: utcMs })
    await life.until(() => (life.lived?.utcMs ?? 0) > utcMs)
    lost += lostBetween(before, await onDevices())
  }
  await life.until(() => life.isOver)
  metrics += life.lived!.metrics
  const offline = await onDevices()
  const count = [...offline.values()].reduce((sum, events) => sum + events.length, 0)
  const urgent = [...offline.values()].reduce((sum, events) => sum + events.filter((one) => one.urgent).length, 0)
  const bytes = bytesIn(folder)
  say(`${OFFLINE_HOURS} h lived in ${((performance.now() - begunMs) / 1_000).toFixed(0)} s; now the hub comes`)

  await region.hub.start()
  await region.look()
  const ear = await region.listen()
  atEnd(() => ear.end())
  await gate.open(region.mqttPort)
  const openedMs = Date.now()
  const isThere = (): boolean => {
    const kept = region.kept()
    return [...offline].every(([device, events]) => (kept.get(device)?.length ?? 0) >= events.length)
  }
  while (!isThere() && Date.now() - openedMs < DRAINED_WITHIN_MS) await delay(100)
  const drainedMs = Date.now()
  const bytesUp = gate.bytes.up
  const kept = region.kept()
  let [missing, doubled] = [0, 0]
  for (const [device, events] of offline) {
    const rows = kept.get(device) ?? []
    const hashes = new Map(rows.filter(({ isFirst }) => isFirst).map(({ seq, hash }) => [seq, hash]))
    missing += events.filter(({ seq, hash }) => hashes.get(seq) !== hash).length
    doubled += rows.filter(({ isFirst }) => !isFirst).length
  }
  await delay(METRICS_WATCHED_MS)
  const heardMetrics = metricsHeard(ear.heard, toUtcMs)
  const firstMs = Math.min(...life.connectedMs.values())
  const lastMs = Math.max(...life.connectedMs.values())
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
  const kilobytes = (size: number): string => `${Math.round(size / 1_024)} KiB`
  return [
    {
      what: `${rooms} rooms, ${OFFLINE_HOURS} simulated hours offline, ${KILLED_AT_HOURS.length} times kill -9: kept on their disks`,
      wanted: 'some',
      seen: `${count} events (${urgent} urgent), ${kilobytes(bytes)}`,
      isWell: count > 0 && urgent > 0,
    },
    {
      what: 'of what counted before a kill: missing after it, changed by it',
      wanted: '0, 0',
      seen: `${untold}, ${lost}`,
      isWell: untold === 0 && lost === 0,
    },
    {
      what: 'the hub comes: events missing, kept twice or otherwise',
      wanted: '0, 0',
      seen: `${missing}, ${doubled}`,
      isWell: missing === 0 && doubled === 0,
    },
    {
      what: 'events that came out of turn: alarms first, each kind in its order',
      wanted: '0',
      seen: `${outOfTurn(ear.heard, offline)}`,
      isWell: outOfTurn(ear.heard, offline) === 0,
    },
    {
      what: 'from the network being there to all events durable at the hub',
      wanted: 'within a minute of the last connection',
      seen: `${seconds(drainedMs - openedMs)} (first connection after ${seconds(firstMs - openedMs)}, last after ${seconds(lastMs - openedMs)}; ${kilobytes(bytesUp)} sent)`,
      isWell: drainedMs - lastMs < MINUTE_MS,
    },
    {
      what: `${metrics} metrics were told: how old the oldest is that comes`,
      wanted: `about ${KEPT_METRICS_HOURS} h; older ones gave way, and no event did`,
      seen: `${heardMetrics.least.toFixed(1)} to ${heardMetrics.most.toFixed(1)} h, of ${heardMetrics.rooms} rooms`,
      isWell: heardMetrics.rooms === rooms && heardMetrics.most < KEPT_METRICS_HOURS + 1 && heardMetrics.least > 23,
    },
  ]
}

export const offline: FleetDrill = {
  name: 'offline',
  what: '72 simulated hours without the hub, with kill -9 of the devices meanwhile; then it comes',
  run,
}
