/** What the console sees of the hub, and what it may have done. */
import { VerbatimError } from '../base/error.ts'
import { now } from '../base/monotonic.ts'
import { utcText } from '../base/units.ts'
import { alarmRowOf } from '../core/roster/alarm.ts'
import { SLOT_SECONDS } from '../core/roster/metric-average.ts'
import type { Room } from '../core/roster/room.ts'
import { roomRowOf } from '../core/roster/room-row.ts'
import type { Backend, RoomId } from '../ports/console/backend.ts'
import type { EventStore } from '../ports/event-store/event-store.ts'
import type { WitnessDesk } from '../ports/witness-book/desk.ts'
import type { AlarmOrder, AlarmRow, CourtRow, EventRow, RoomDetail, SentOrder } from '../wire/console.ts'
import { Birth } from '../wire/fleet/birth.ts'
import { ReportedConfig } from '../wire/fleet/desired.ts'
import type { EnrolmentReply, Proven } from '../wire/fleet/enrolment.ts'
import type { FleetEvent } from '../wire/fleet/fleet-event.ts'
import { OrderResult } from '../wire/fleet/order.ts'
import { RoomState } from '../wire/fleet/room-state.ts'
import type { Courts } from './courts.ts'
import { coverageCsv } from './coverage-csv.ts'
import type { Enrolments } from './fleet-line.ts'
import type { Hub } from './hub.ts'
import { metricsText } from './metrics-text.ts'
import type { ToDevices } from './to-devices.ts'

export interface HubBackendOptions {
  region: string
  hub: Hub
  store: EventStore
  toDevices: ToDevices
  enrolments: Enrolments
  courts: Courts
  desk: WitnessDesk
  historyDays: number
}

const EVENTS_SHOWN = 100
const ORDERS_SHOWN = 50
const COVERED_MS = 30 * 86_400_000

export const hubBackend = (options: HubBackendOptions): Backend => {
  const { region, hub, store, toDevices, enrolments, courts, desk, historyDays } = options
  const { roster } = hub

  const roomAt = ({ court, device }: RoomId): Room => {
    const room = roster.rooms.get(device)
    if (room && room.court === court) return room
    throw new VerbatimError('NOT_FOUND', `there is no room ${court}/${device}`)
  }
  const rowOf = (room: Room) => roomRowOf(roster, room, now().utcMs)
  const courtRows = (): CourtRow[] => courts.rows([...roster.rooms.values()].map(({ court }) => court))

  /** A device is one of the fleet from now on, or again. */
  const join = async (device: string): Promise<void> => {
    const enrolled = enrolments.find(device)
    if (!enrolled || enrolled.revokedAt !== null) return
    if (roster.rooms.get(device)?.court === enrolled.court) return
    const { court, room } = enrolled
    await store.write({ name: 'addDevice', values: [device, court, room] })
    if (roster.rooms.has(device)) hub.tell({ is: 'room-removed', device })
    hub.tell({ is: 'room-added', court, device, room, remembered: null })
    hub.changes.courts(courtRows())
  }

  return {
    overview: () => {
      const rooms = [...roster.rooms.values()].map(rowOf)
      rooms.sort((a, b) => b.need - a.need)
      return { region, at: utcText(now().utcMs), courts: courtRows(), rooms, faults: hub.faults() }
    },

    room: (id): RoomDetail => {
      const room = roomAt(id)
      const { device } = room
      const known = store.read.device(device)
      const { state, metrics } = hub.latest.get(device) ?? {}
      const { at: _at, ...figures } = JSON.parse(metrics ?? '{}') as { at?: string } & Record<string, number>
      const wanted = store.read.wanted(device)
      return {
        row: rowOf(room),
        birth: known?.birth ? (Birth.safeParse(JSON.parse(known.birth)).data ?? null) : null,
        state: state === undefined ? null : RoomState.parse(JSON.parse(state)),
        metrics: figures,
        alarms: [...room.alarms.values()].map((held) => alarmRowOf(room, held)),
        events: store.read.events(device, EVENTS_SHOWN).map(eventRow),
        reported: known?.reported ? (ReportedConfig.safeParse(JSON.parse(known.reported)).data ?? null) : null,
        wanted: wanted && {
          ...{ rev: wanted.rev, cfg: JSON.parse(wanted.desired).cfg, by: wanted.by, at: utcText(wanted.atMs) },
        },
        orders: store.read.orders(device, ORDERS_SHOWN).map(
          ({ id, op, by, atMs, result }): SentOrder => ({
            ...{ id, op, by, at: utcText(atMs) },
            result: result === null ? null : OrderResult.parse(JSON.parse(result)),
          }),
        ),
        coverage: store.read.coverage(device, hub.courtUtcMs - COVERED_MS, hub.courtUtcMs),
        enrolledAt: enrolments.find(device)?.enrolledAt ?? utcText(0),
      }
    },

    history: (id, metric) => {
      const { device } = roomAt(id)
      const fromSlot = Math.floor(hub.courtUtcMs / 1_000 / SLOT_SECONDS - (historyDays * 86_400) / SLOT_SECONDS)
      const rows = store.read.history(device, metric, fromSlot)
      return { metric, points: rows.map(({ slot, mean }): [number, number | null] => [slot * SLOT_SECONDS, mean]) }
    },

    alarms: () =>
      [...roster.rooms.values()].flatMap((room) =>
        [...room.alarms.values()].map((held): AlarmRow => alarmRowOf(room, held)),
      ),

    judgeAlarm: async (id, alarm, order: AlarmOrder, by) => {
      const { device, alarms } = roomAt(id)
      if (!alarms.has(alarm)) throw new VerbatimError('NOT_FOUND', `there is no alarm ${alarm}`)
      hub.tell({ is: 'alarm-judged', device, id: alarm, order, by })
    },

    order: async (id, order, by) => toDevices.order(roomAt(id).device, order, by),
    configure: async (id, { cfg }, by) => toDevices.configure(roomAt(id).device, cfg, by),
    giveDocket: async (id, { docket }, by) => toDevices.giveDocket(roomAt(id).device, docket, by),

    enrolment: () => ({
      waiting: enrolments.waiting(),
      expected: enrolments.expected(),
      devices: [...enrolments.devices()].map(({ device, court, room, enrolledAt, expires, revokedAt }) => ({
        ...{ device, court, room: roster.rooms.get(device)?.name ?? room, enrolledAt, expires, revokedAt },
      })),
    }),

    enrol: async ({ code, court, courtName }) => {
      await courts.add(court, courtName)
      const device = await enrolments.enter(code, court)
      await join(device)
    },

    enrolBatch: async ({ rooms }) => {
      for (const { court, courtName } of rooms) await courts.add(court, courtName)
      await enrolments.expect(rooms.map(({ code, court }) => ({ code, court })))
    },

    revoke: async (id, by) => {
      const { device } = roomAt(id)
      await enrolments.revoke(device, by)
      hub.tell({ is: 'room-removed', device })
    },

    ask: async (request: Proven): Promise<EnrolmentReply> => {
      const reply = await enrolments.ask(request)
      if (reply.is === 'enrolled') await join((JSON.parse(reply.answer.body) as { device: string }).device)
      return reply
    },

    standing: (request) => enrolments.standing(request),

    receipts: (deviceKey, hearing) => desk.receipts(deviceKey, hearing),

    prometheus: async () =>
      metricsText(roster, {
        ...hub.reception.counts,
        ...{ eventsKept: hub.counts.kept, eventsMissing: hub.counts.missing },
        ...{ storeWorks: store.fault === null, linkWorks: roster.connected, rssBytes: process.memoryUsage.rss() },
      }),

    coverageCsv: () => coverageCsv(store.read.coveredDays(hub.courtUtcMs)),

    faults: () => hub.faults(),

    subscribe: (listener) => hub.changes.subscribe(listener),
  }
}

const eventRow = ({ seq, receivedMs, text }: { seq: number; receivedMs: number; text: string }): EventRow => {
  const { type, time, data } = JSON.parse(text) as FleetEvent
  return { seq, kind: type.slice('verbatim.'.length, -'.v1'.length), time, receivedAt: utcText(receivedMs), data }
}
