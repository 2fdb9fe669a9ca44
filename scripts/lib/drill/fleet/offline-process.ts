/** Devices with real outboxes whose days go by as fast as they can, in a process that may be killed at any moment. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { MINUTE_MS } from '../../../../controller/base/units.ts'
import { FileShelf } from '../../../../controller/ports/outbox/file-shelf.ts'
import { FileMemory } from '../../../../controller/ports/uplink/uplink-memory.ts'
import { birthOf } from '../../../../controller/simulator/born.ts'
import { MqttLine } from '../../../../controller/simulator/mqtt-line.ts'
import { roomsOf } from '../../../../controller/simulator/room.ts'
import { Schedule } from '../../../../controller/simulator/schedule.ts'
import { SimulatedAppliance } from '../../../../controller/simulator/simulated-appliance.ts'
import { simulatedTime } from '../../../../controller/simulator/simulated-time.ts'
import type { Metrics } from '../../../../controller/wire/fleet/metrics.ts'
import type { Memberships } from '../../fleet/enrol-in-bulk.ts'
import type { FromOffline, OfflineOrder, ToOffline } from './offline-words.ts'

/** As a recorder keeps them: a day's. */
const KEPT_METRICS = 2_880
const STEP_MS = 1_000
const TOLD_EVERY_MS = 5 * MINUTE_MS

const say = (message: FromOffline): void => {
  process.send?.(message)
}

class CountingLine extends MqttLine {
  metricsSaid = 0

  override metrics(metrics: Metrics): void {
    this.metricsSaid++
    super.metrics(metrics)
  }
}

const live = async (order: OfflineOrder): Promise<void> => {
  const { rooms: count, folder, url, startUtcMs, startMs, fromUtcMs, toUtcMs } = order
  const memberships = JSON.parse(readFileSync(order.memberships, 'utf8')) as Memberships
  let virtualMs: number | null = fromUtcMs
  const utcMs = (): number => virtualMs ?? Date.now()
  const schedule = new Schedule(utcMs)
  const time = simulatedTime(startUtcMs, startMs, 1)
  const devices = roomsOf(1, count).map((plain) => {
    const room = { ...plain, isUnbroken: true }
    const { device } = room
    const { court, credentials, ...papers } = memberships[device]!
    const home = join(folder, device)
    const line = new CountingLine({
      ...{ court, device, url, credentials, keptMetrics: KEPT_METRICS },
      ...{ shelf: new FileShelf(home), memory: new FileMemory(home) },
      birth: () => birthOf(room, papers, utcMs()),
      changed: (is) => is && say({ is: 'connected', device, atMs: Date.now() }),
    })
    return { line, device, appliance: new SimulatedAppliance({ room, time, line, schedule, utcMs }) }
  })
  const settled = () => Promise.all(devices.map(({ line }) => line.settled()))
  for (const { appliance } of devices) appliance.start()
  while (virtualMs < toUtcMs) {
    virtualMs += STEP_MS
    schedule.run()
    if ((virtualMs - startUtcMs) % TOLD_EVERY_MS) continue
    await settled()
    say({
      ...{ is: 'lived', utcMs: virtualMs, metrics: devices.reduce((sum, { line }) => sum + line.metricsSaid, 0) },
      last: Object.fromEntries(devices.map(({ line, device }) => [device, line.lastEvent])),
    })
    await turn()
  }
  await settled()
  virtualMs = null
  say({ is: 'over' })
}

process.on('message', ({ order }: ToOffline) => void live(order))
process.on('disconnect', () => process.exit(1))
say({ is: 'up' })
