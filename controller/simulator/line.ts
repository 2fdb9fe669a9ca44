/** What a simulated appliance has of the world: its outbox, and a connection that can be torn like a real one. */
import type { NewEvent } from '../ports/outbox/kept-event.ts'
import type { AlarmId } from '../wire/fleet/alarm.ts'
import type { Metrics } from '../wire/fleet/metrics.ts'
import type { RoomState } from '../wire/fleet/room-state.ts'
import type { NewAlarm } from './happened.ts'
import type { Counted } from './said.ts'

export interface Line {
  /** The machine was started: connects, and stays connected. */
  start(boot: string): void
  /** The machine is off, without a word. What is durable stays. */
  kill(): void
  /** Nothing gets through any more, in either direction, without a word. */
  cut(): void
  mend(): void
  raise(event: NewEvent): void
  /** It stands until it is taken back with null; the number of its event is filled in. */
  alarm(id: AlarmId, alarm: NewAlarm | null): void
  state(state: RoomState): void
  metrics(metrics: Metrics): void
  counted(): Counted
  /** Leaves in order. */
  end(): Promise<void>
}
