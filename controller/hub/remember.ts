/** A hub that starts again: what it knew of each room, from its store, and who belongs to the fleet. */
import type { Remembered } from '../core/roster/event.ts'
import type { HeldAlarm, ScheduledHearing } from '../core/roster/room.ts'
import type { EventStore } from '../ports/event-store/event-store.ts'
import { Alarm } from '../wire/fleet/alarm.ts'
import { Birth } from '../wire/fleet/birth.ts'
import type { EnrolledRoom } from './fleet-line.ts'
import type { Hub } from './hub.ts'

const DAYS_OF_HEARINGS_MS = 3 * 86_400_000

const grouped = <Row extends { device: string }>(rows: readonly Row[]): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.device)
    if (group) group.push(row)
    else groups.set(row.device, [row])
  }
  return groups
}

/** What another version wrote and this one cannot read is left out: its device says it again. */
const birthIn = (text: string | null) => (text === null ? undefined : Birth.safeParse(JSON.parse(text)).data)
const heldIn = (text: string): HeldAlarm[] => {
  const held = JSON.parse(text) as HeldAlarm
  return Alarm.safeParse(held.alarm).success ? [held] : []
}

/** Adds every enrolled room. Resolves when those that are new are durable, so that their events can be kept. */
export const rememberRooms = async (hub: Hub, store: EventStore, enrolled: Iterable<EnrolledRoom>): Promise<void> => {
  const rooms = [...enrolled].filter(({ revokedAt }) => revokedAt === null)
  const known = new Map(store.read.devices().map((device) => [device.device, device]))
  await store.write(
    ...rooms
      .filter(({ device, court }) => known.get(device)?.court !== court)
      .map(({ device, court, room }) => ({ name: 'addDevice' as const, values: [device, court, room] })),
  )
  const alarms = grouped(store.read.alarms())
  const schedule = grouped(store.read.schedule(Date.now() - DAYS_OF_HEARINGS_MS))
  const hoursLeft = grouped(store.read.hoursLeft())
  for (const { device, court, room } of rooms) {
    const before = known.get(device)
    const birth = birthIn(before?.birth ?? null)
    const remembered: Remembered | null = before
      ? {
          seenUtcMs: before.seenMs,
          version: birth?.version ?? '',
          certificateExpiresUtcMs: birth?.certificateExpires ? Date.parse(birth.certificateExpires) : null,
          alarms: (alarms.get(device) ?? []).flatMap(({ held }) => heldIn(held)),
          schedule: (schedule.get(device) ?? []).map(
            ({ startsMs, endsMs, must, recorded, audible }): ScheduledHearing => ({
              ...{ startsUtcMs: startsMs, endsUtcMs: endsMs, mustRecord: must === 1 },
              ...{ recorded: recorded === 1, audible: audible === 1 },
            }),
          ),
          hoursLeft: (hoursLeft.get(device) ?? []).map(({ day, hours }): [number, number] => [day, hours]),
        }
      : null
    hub.tell({ is: 'room-added', court, device, room: before?.room ?? room, remembered })
  }
}
