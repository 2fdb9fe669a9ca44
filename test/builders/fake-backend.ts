/** A hub for tests of the console alone: any number of rooms, and a record of what was asked of it. */
import { VerbatimError } from '../../controller/base/error.ts'
import type { Backend, RoomId } from '../../controller/ports/console/backend.ts'
import type { AlarmRow, EnrolledDevice, HubFault, Live, RoomDetail, RoomRow } from '../../controller/wire/console.ts'
import type { EnrolmentReply } from '../../controller/wire/fleet/enrolment.ts'
import type { StandingRequest } from '../../controller/wire/fleet/standing.ts'

const AT = '2026-11-28T09:00:00.000Z'
/** Some are enough: all are told every three seconds while somebody looks. */
const ENROLLED = 250
const DIGITS = 'abcdefghijklmnopqrstuvwxyz234567'

export const deviceOf = (i: number): string => {
  const tail = [10, 5, 0].map((shift) => DIGITS[(i >> shift) & 31]).join('')
  return `vb-aaaaaaaaaaaaa${tail}`
}

export const courtOf = (i: number): string => `court-${i % 320}`

const rowOf = (i: number): RoomRow => ({
  ...{ court: courtOf(i), device: deviceOf(i), room: `Courtroom ${i}`, need: i < 20 ? 90 - i : 0 },
  ...{
    presence: i < 5 ? 'lost' : 'online',
    verdict: i < 20 ? 'failed' : 'good',
    hearing: i % 3 ? 'idle' : 'recording',
  },
  ...{ lamp: i % 3 ? 'dark' : 'steady', scheduled: i % 3 === 0, worst: i < 20 ? 'DISK_FAILED' : '' },
  ...{ alarms: i < 20 ? 1 : 0, unacknowledged: i < 20 ? 1 : 0, hoursLeft: 100, version: '0.1.0', seenAt: AT },
})

const alarmOf = (row: RoomRow): AlarmRow => ({
  ...{ court: row.court, device: row.device, room: row.room, id: 'DISK_FAILED.mirror', hub: false, raisedAt: AT },
  alarm: {
    ...{ code: 'DISK_FAILED', about: 'mirror', severity: 'failed', area: 'disk', recording: true, since: AT, seq: 1 },
    ...{ text: 'The second disk takes nothing', detail: 'EIO', toDo: 'Have the disk in bay 2 replaced.' },
  },
  ...{ acknowledged: null, silencedUntil: null, escalatedAt: null },
})

export class FakeBackend implements Backend {
  readonly rooms: RoomRow[]
  readonly asked: unknown[][] = []
  enrolled: EnrolledDevice[] = Array.from({ length: ENROLLED }, (_, i) => ({
    ...{ device: deviceOf(i), court: courtOf(i), room: `Courtroom ${i}`, enrolledAt: AT, expires: AT, revokedAt: null },
  }))
  readonly listeners = new Set<(live: Live) => void>()
  hubFaults: HubFault[] = []
  enrolling: EnrolmentReply = { is: 'waiting' }

  constructor(count: number) {
    this.rooms = Array.from({ length: count }, (_, i) => rowOf(i))
  }

  tell(live: Live): void {
    for (const listener of this.listeners) listener(live)
  }

  overview = () => ({
    ...{ region: 'Almaty', at: AT, rooms: this.rooms, faults: this.hubFaults },
    courts: [...new Set(this.rooms.map(({ court }) => court))].map((id) => ({
      id,
      name: `Court ${id}`,
      region: 'Almaty',
    })),
  })
  alarms = () => this.rooms.filter(({ alarms }) => alarms).map(alarmOf)
  history = (_: RoomId, metric: 'hours_left') => ({
    metric,
    points: Array.from({ length: 144 }, (_, i): [number, number] => [1_795_000_000 + i * 600, 100 - i / 10]),
  })
  room = ({ court, device }: RoomId): RoomDetail => {
    const row = this.rooms.find((one) => one.court === court && one.device === device)
    if (!row) throw new VerbatimError('NOT_FOUND', 'no such room')
    return {
      ...{ row, birth: null, state: null, metrics: { hours_left: 100 }, alarms: row.alarms ? [alarmOf(row)] : [] },
      events: [{ seq: 1, kind: 'recorder-started', time: AT, receivedAt: AT, data: {} }],
      ...{
        reported: null,
        wanted: null,
        orders: [],
        coverage: { scheduled: 10, recorded: 9, audible: 9 },
        enrolledAt: AT,
      },
    }
  }
  judgeAlarm = async (...words: unknown[]) => this.#note('judgeAlarm', words)
  order = async (id: RoomId, { op }: { op: string }, by: string) => {
    this.#note('order', [id, op, by])
    return { id: 'order-0001', op, by, at: AT, result: null }
  }
  configure = async (...words: unknown[]) => this.#note('configure', words)
  giveDocket = async (...words: unknown[]) => this.#note('giveDocket', words)
  enrolment = () => ({
    waiting: [{ device: deviceOf(1), court: 'Almaty District Court', room: 'Courtroom 1', askedAt: AT }],
    ...{ expected: 0, devices: this.enrolled },
  })
  enrol = async (...words: unknown[]) => this.#note('enrol', words)
  enrolBatch = async (...words: unknown[]) => this.#note('enrolBatch', words)
  revoke: Backend['revoke'] = async (room, by) => {
    this.#note('revoke', [room, by])
    this.enrolled = this.enrolled.map((one) => (one.device === room.device ? { ...one, revokedAt: AT } : one))
  }
  ask = async () => this.enrolling
  standing = async ({ body }: StandingRequest) => ({ body, sig: '' })
  receipts: Backend['receipts'] = async () => []
  prometheus = async () => '# TYPE verbatim_rooms gauge\nverbatim_rooms 1\n'
  coverageCsv = () => 'court,device,day,scheduled,recorded,audible\n'
  faults = () => this.hubFaults
  subscribe = (listener: (live: Live) => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  #note(what: string, words: unknown[]): void {
    this.asked.push([what, ...words])
  }
}
