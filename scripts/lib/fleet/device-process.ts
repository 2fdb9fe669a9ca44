/** Thousands of simulated devices in a process of their own; benches and drills start several of these. */
import { readFileSync } from 'node:fs'
import { utcText } from '../../../controller/base/units.ts'
import { between, oneOf } from '../../../controller/simulator/chance.ts'
import { roomsOf } from '../../../controller/simulator/room.ts'
import { type SimulatedDevice, SimulatedFleet } from '../../../controller/simulator/simulated-fleet.ts'
import { simulatedTime } from '../../../controller/simulator/simulated-time.ts'
import {
  RAISED_ALARM as ALARM,
  type Connected,
  type DevicesOrder,
  type FromDevices,
  type RaisedAlarm,
  type ToDevices,
} from './device-words.ts'
import type { Memberships } from './enrol-in-bulk.ts'

const REPORT_MS = 250
/** So long an alarm that was raised from outside stands. */
const STANDS_MS = 15_000

const say = (message: FromDevices): void => {
  // Whoever started this may be gone, and the word of that still on its way.
  if (process.connected) process.send?.(message)
}

let fleet: SimulatedFleet | undefined
let raised: RaisedAlarm[] = []
let raising: NodeJS.Timeout | undefined
let number = 0
const connected = new Set<string>()
let newlyConnected: Connected[] = []
const alarmed = new Set<string>()

const start = (order: DevicesOrder): void => {
  const memberships = JSON.parse(readFileSync(order.memberships, 'utf8')) as Memberships
  const rooms = roomsOf(order.seed, order.total)
    .slice(order.from, order.to)
    .map((room) => ({ ...room, isUnbroken: true }))
  fleet = new SimulatedFleet({
    ...{ rooms, time: simulatedTime(Date.now(), order.dayMs, order.speed) },
    membership: ({ device }) => ({
      ...memberships[device]!,
      url: order.url,
    }),
    ...{ connectsPerSecond: order.connectsPerSecond, version: order.version },
    changed: (device, isConnected) => {
      if (!isConnected) return void connected.delete(device)
      connected.add(device)
      newlyConnected.push({ device, atMs: Date.now() })
    },
  })
  fleet.start()
  setInterval(report, REPORT_MS)
}

const report = (): void => {
  say({ is: 'connected', count: connected.size, since: newlyConnected })
  newlyConnected = []
  if (!raised.length) return
  say({ is: 'raised', alarms: raised })
  raised = []
}

const clear = ({ line, room }: SimulatedDevice): void => {
  alarmed.delete(room.device)
  line.raise({ kind: 'alarm-cleared', urgent: true, utcMs: Date.now(), data: { code: ALARM, about: '' } })
  line.alarm(ALARM, null)
}

/** As the recorder does: the event first, and the retained alarm once it has its number. */
const raiseOne = (): void => {
  const device = oneOf(fleet!.devices, 'raise', ++number)
  const name = device.room.device
  if (!device.appliance.isOn || alarmed.has(name)) return
  alarmed.add(name)
  const atMs = Date.now()
  const alarm = {
    ...{ code: ALARM, about: '', severity: 'watch' as const, area: 'panel' as const, recording: true },
    ...{ since: utcText(atMs), text: 'A press was lost', detail: `number ${number}`, toDo: 'Nothing.' },
  }
  raised.push({ device: name, atMs })
  device.line.raise({ kind: 'alarm-raised', urgent: true, utcMs: atMs, data: { ...alarm } })
  device.line.alarm(ALARM, alarm)
  setTimeout(clear, STANDS_MS, device)
}

const raise = (perSecond: number): void => {
  clearTimeout(raising)
  const next = (): void => {
    raiseOne()
    raising = setTimeout(next, (1_000 / perSecond) * between(0.2, 1.8, 'pause', number))
  }
  raising = setTimeout(next, 1_000 / perSecond)
}

const count = (): void => {
  const devices = fleet?.devices ?? []
  const waiting = devices.reduce((sum, { line }) => sum + line.counted().outboxEvents, 0)
  const events = Object.fromEntries(devices.map(({ room, line }) => [room.device, line.lastEvent]))
  say({ is: 'counted', waiting, events })
}

process.on('message', (message: ToDevices) => {
  switch (message.do) {
    case 'start':
      return start(message.order)
    case 'raise':
      return raise(message.perSecond)
    case 'rest':
      return clearTimeout(raising)
    case 'cut':
      for (const { line } of fleet?.devices ?? []) line.cut()
      return
    case 'mend':
      for (const { line } of fleet?.devices ?? []) line.mend()
      return
    case 'count':
      return count()
    case 'end':
      clearTimeout(raising)
      void (fleet?.end() ?? Promise.resolve()).then(() => {
        say({ is: 'ended' })
        process.exit(0)
      })
  }
})
process.on('disconnect', () => process.exit(1))
say({ is: 'up' })
