/** What the console's server asks of the hub, whoever that is: the hub itself, or a fake with ten thousand rooms. */
import type { z } from 'zod'
import type {
  AlarmOrder,
  AlarmRow,
  Enrol,
  EnrolBatch,
  Enrolment,
  History,
  HubFault,
  Live,
  NewConfig,
  NewDocket,
  NewOrder,
  Overview,
  RoomDetail,
  SentOrder,
} from '../../wire/console.ts'
import type { EnrolmentReply, Proven } from '../../wire/fleet/enrolment.ts'
import type { MetricName } from '../../wire/fleet/metrics.ts'
import type { StandingAnswer, StandingRequest } from '../../wire/fleet/standing.ts'
import type { Receipt } from '../../wire/witness.ts'

/** One room, as addresses name it. */
export interface RoomId {
  court: string
  device: string
}

/** What changes anything is told who wants it. Throws VerbatimError: NOT_FOUND, REFUSED, CONFIG_INVALID, ENROLMENT_REFUSED. */
export interface Backend {
  overview(): Overview
  room(id: RoomId): RoomDetail
  history(id: RoomId, metric: MetricName): History
  alarms(): AlarmRow[]
  judgeAlarm(id: RoomId, alarm: string, order: AlarmOrder, by: string): Promise<void>
  order(id: RoomId, order: NewOrder, by: string): Promise<SentOrder>
  configure(id: RoomId, config: z.output<typeof NewConfig>, by: string): Promise<void>
  giveDocket(id: RoomId, docket: z.output<typeof NewDocket>, by: string): Promise<void>
  enrolment(): Enrolment
  enrol(enrol: Enrol, by: string): Promise<void>
  enrolBatch(batch: z.output<typeof EnrolBatch>, by: string): Promise<void>
  revoke(id: RoomId, by: string): Promise<void>
  /** A device asks to become one of the fleet. Nobody is logged in. */
  ask(request: Proven): Promise<EnrolmentReply>
  /** A device that the broker does not let in asks why. Nobody is logged in. */
  standing(request: StandingRequest): Promise<StandingAnswer>
  /** Every receipt of a hearing, for whoever verifies it. Nobody is logged in. */
  receipts(deviceKey: string, hearing: string): Promise<Receipt[]>
  /** In Prometheus' text format. */
  prometheus(): Promise<string>
  /** Hearings scheduled, recorded and audible, a line a room and day. */
  coverageCsv(): string
  /** Whether the hub is well, for a load balancer or a watchdog: empty when it is. */
  faults(): HubFault[]
  /** @returns ends the subscription */
  subscribe(listener: (live: Live) => void): () => void
}
