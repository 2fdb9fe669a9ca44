/** A room at one moment, as its recorder would know it. */

import { MINUTE_MS } from '../base/units.ts'
import { verdictOn } from '../core/health.ts'
import type { RoomState } from '../wire/fleet/room-state.ts'
import type { HealthReason } from '../wire/health.ts'
import { type Day, isWithin } from './day.ts'
import { fillingOf, freeBytesAt, hoursIn } from './disks.ts'
import { CLOSING_MS, type SimulatedHearing } from './hearings.ts'
import type { IncidentKind } from './incidents.ts'
import { dayOf } from './local-day.ts'
import { type Wrong, wrongAt } from './reasons.ts'
import type { SimulatedRoom } from './room.ts'

export type Hearing = RoomState['hearing']

export interface RoomNow {
  atMs: number
  /** Off: nothing runs, nothing is said; the will is left to say so. */
  power: 'on' | 'off'
  /** Cut: it goes on recording, and what happens is told later. */
  network: 'there' | 'cut'
  /** When the machine was started last: changes with every start. */
  bootedMs: number
  hearing: Hearing
  recordedSinceMs: number | null
  lamp: RoomState['lamp']
  wrong: readonly Wrong[]
  verdict: RoomState['verdict']
  sources: Record<string, string>
  disks: Record<string, string>
  supply: RoomState['supply']
  clockSynchronized: boolean
  freeBytes: number
  hoursLeft: number
  audible: boolean | null
  happening: ReadonlySet<IncidentKind>
}

/** What keeps the REC lamp from being steady. */
const BLINKS = new Set(['SOURCE_AWAY', 'TRACK_STALLED', 'PICTURE_BLACK', 'PICTURE_FROZEN', 'SOUND_SILENT'])
const DISK_BLINKS = new Set(['DISK_FAILED', 'DISK_LATE', 'CLOCK_STEPPED'])

const phaseOf = ({ recorded, recesses }: SimulatedHearing, atMs: number): Hearing => {
  if (!recorded || atMs < recorded.fromMs) return 'idle'
  if (atMs >= recorded.toMs + CLOSING_MS) return 'closed'
  if (atMs >= recorded.toMs) return 'closing'
  return recesses.some((recess) => isWithin(atMs, recess)) ? 'off-record' : 'recording'
}

/** The hearing that was opened last on this day, if the machine has run since then. */
const lastHearing = (day: Day, bootedMs: number, atMs: number): SimulatedHearing | undefined =>
  day.hearings.findLast(({ recorded }) => recorded && recorded.fromMs <= atMs && recorded.toMs > bootedMs)

const bootedAt = (day: Day, atMs: number): number =>
  Math.max(day.bootedMs, ...day.off.filter(({ toMs }) => toMs <= atMs).map(({ toMs }) => toMs))

const stateOf = (names: readonly string[], reasons: readonly HealthReason[], well: string): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => {
      const codes = reasons.filter(({ about }) => about === name).map(({ code }) => code)
      if (codes.includes('SOURCE_AWAY')) return [name, 'waiting']
      if (codes.includes('DISK_FAILED')) return [name, 'failed']
      return [name, codes.includes('DISK_LATE') ? 'late' : well]
    }),
  )

const supplyOf = (reasons: readonly HealthReason[]): RoomState['supply'] => {
  if (reasons.some(({ code }) => code === 'BATTERY_LOW')) return 'battery-low'
  return reasons.some(({ code }) => code === 'ON_BATTERY') ? 'battery' : 'mains'
}

const lampOf = (hearing: Hearing, reasons: readonly HealthReason[]): RoomState['lamp'] => {
  if (hearing !== 'recording') return 'dark'
  return reasons.some(({ code }) => BLINKS.has(code) || DISK_BLINKS.has(code)) ? 'blinking' : 'steady'
}

export const roomNow = (room: SimulatedRoom, day: Day, atMs: number): RoomNow => {
  const incidents = day.incidents.filter((incident) => isWithin(atMs, incident))
  const happening = new Set(incidents.map(({ kind }) => kind))
  const bootedMs = bootedAt(day, atMs)
  const freeBytes = freeBytesAt(room, day, atMs)
  const filling = fillingOf(room, dayOf(atMs), freeBytes)
  const open = lastHearing(day, bootedMs, atMs)
  const isFull = filling.some(({ reason }) => reason.code === 'NO_ROOM')
  const hearing = open && !isFull ? phaseOf(open, atMs) : 'idle'
  const wrong = [...wrongAt(room, incidents, atMs), ...filling]
  const reasons = wrong.map(({ reason }) => reason)
  const isOpen = hearing === 'recording' || hearing === 'off-record'
  return {
    ...{ atMs, happening, bootedMs, hearing, wrong, freeBytes },
    power: day.off.some((span) => isWithin(atMs, span)) ? 'off' : 'on',
    network: happening.has('network-lost') ? 'cut' : 'there',
    recordedSinceMs: isOpen ? Math.max(open!.recorded!.fromMs, bootedMs) : null,
    lamp: lampOf(hearing, reasons),
    verdict: verdictOn(reasons),
    sources: stateOf([...room.cameras, 'microphones'], reasons, 'live'),
    disks: stateOf(['store', 'mirror'], reasons, 'good'),
    supply: supplyOf(reasons),
    clockSynchronized: !happening.has('clock-off'),
    hoursLeft: Math.round(hoursIn(room, freeBytes) * 10) / 10,
    audible: hearing === 'recording' ? !(open?.silent && atMs - open.recorded!.fromMs > 2 * MINUTE_MS) : null,
  }
}
