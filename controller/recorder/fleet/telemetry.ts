/** Looks at the room's state after each tick, and says what is new: state, alarms, events, numbers. It decides nothing. */

import { utcText } from '../../base/units.ts'
import type { Stamp } from '../../core/event.ts'
import type { State } from '../../core/state.ts'
import { type AlarmNow, alarmsNow } from '../../core/telemetry/alarms.ts'
import { type Happened, happenedBefore, happenedBetween } from '../../core/telemetry/happened.ts'
import { type Numbers, numbersOf, rateBetween } from '../../core/telemetry/numbers.ts'
import { newsOf, roomStateOf } from '../../core/telemetry/room-state.ts'
import type { NewEvent } from '../../ports/outbox/kept-event.ts'
import type { Alarm, AlarmId } from '../../wire/fleet/alarm.ts'
import type { Metrics } from '../../wire/fleet/metrics.ts'
import type { RoomState } from '../../wire/fleet/room-state.ts'
import type { KnownAlarms } from './known-alarms.ts'

export interface TelemetryOptions {
  /** Alarms that an earlier program knew of. */
  alarms: KnownAlarms
  raise: (event: NewEvent, kept?: (seq: number) => void) => void
  say: (state: RoomState) => void
  setAlarms: (alarms: ReadonlyMap<AlarmId, Alarm>) => void
  metrics: (metrics: Metrics) => void
  /** Of the machine, the outbox and the connection. Never rejects. */
  measure: () => Promise<Numbers>
  configRev: () => number
  metricsEveryMs: number
  chance?: () => number
}

/** The state comes at least so often. */
const STATE_EVERY_MS = 60_000
/** Sources, panels and disks need their time after a start: what was wrong before is not over meanwhile. */
const SETTLED_AFTER_MS = 20_000
/** What comes and goes is one alarm. */
const CLEARED_AFTER_MS = 3_000
/** An alarm does not wait longer for a disk to number its event. */
const NUMBERED_WITHIN_MS = 1_000

interface Active {
  alarm: Alarm
  isNumbered: boolean
  raisedMs: number
  seenMs: number
}

export class Telemetry {
  readonly #active = new Map<AlarmId, Active>()
  #before: State | null = null
  #begunMs = 0
  #news = ''
  #saidMs = Number.NEGATIVE_INFINITY
  #alarmsSaid = ''
  #measureAtMs = 0
  #measured: { state: State; atMs: number } | null = null

  constructor(private readonly options: TelemetryOptions) {}

  /** After each tick that was judged, and each change of the hearing. Returns at once. */
  look(state: State, at: Stamp): void {
    if (!this.#before) this.#begin(at)
    const happened = this.#before ? happenedBetween(this.#before, state) : happenedBefore(state)
    for (const one of happened) this.#raise(one, at)
    this.#before = state
    this.#lookAtAlarms(state, at)
    this.#sayState(state, at)
    if (at.atMs >= this.#measureAtMs) void this.#measure(state, at)
  }

  #begin(at: Stamp): void {
    this.#begunMs = at.atMs
    for (const [id, alarm] of this.options.alarms.known)
      this.#active.set(id, { alarm, isNumbered: true, raisedMs: at.atMs, seenMs: at.atMs })
    // Thousands of devices that were started together do not measure together.
    this.#measureAtMs = at.atMs + (this.options.chance ?? Math.random)() * this.options.metricsEveryMs
  }

  #lookAtAlarms(state: State, at: Stamp): void {
    const now = alarmsNow(state)
    for (const [id, alarm] of now) {
      const known = this.#active.get(id)
      if (known) {
        known.seenMs = at.atMs
        const { since, seq, recording } = known.alarm
        known.alarm = { ...alarm, recording, since, seq }
      } else this.#raiseAlarm(id, alarm, at)
    }
    const holdMs = at.atMs - this.#begunMs < SETTLED_AFTER_MS ? SETTLED_AFTER_MS : CLEARED_AFTER_MS
    for (const [id, { alarm, seenMs }] of this.#active) {
      if (now.has(id) || at.atMs - seenMs < holdMs) continue
      this.#active.delete(id)
      this.#raise({ kind: 'alarm-cleared', urgent: true, data: { id, code: alarm.code, about: alarm.about } }, at)
    }
    this.#sayAlarms(at)
  }

  #raiseAlarm(id: AlarmId, now: AlarmNow, at: Stamp): void {
    const alarm: Alarm = { ...now, since: utcText(at.utcMs), seq: 1 }
    const active: Active = { alarm, isNumbered: false, raisedMs: at.atMs, seenMs: at.atMs }
    this.#active.set(id, active)
    const { seq: _, ...data } = alarm
    this.options.raise({ kind: 'alarm-raised', urgent: true, utcMs: at.utcMs, data: { id, ...data } }, (seq) => {
      active.alarm = { ...active.alarm, seq }
      active.isNumbered = true
      this.#sayAlarms(at)
    })
  }

  #sayAlarms(at: Stamp): void {
    const sayable = [...this.#active].filter(
      ([, { isNumbered, raisedMs }]) => isNumbered || at.atMs - raisedMs > NUMBERED_WITHIN_MS,
    )
    const alarms = new Map(sayable.map(([id, { alarm }]) => [id, alarm]))
    const said = JSON.stringify([...alarms])
    if (said === this.#alarmsSaid) return
    this.#alarmsSaid = said
    this.options.setAlarms(alarms)
    this.options.alarms.keep(alarms)
  }

  #sayState(state: State, at: Stamp): void {
    const said = roomStateOf(state, at, [...this.#active.keys()], this.options.configRev())
    const news = newsOf(said)
    if (news === this.#news && at.atMs - this.#saidMs < STATE_EVERY_MS) return
    this.#news = news
    this.#saidMs = at.atMs
    this.options.say(said)
  }

  async #measure(state: State, at: Stamp): Promise<void> {
    this.#measureAtMs = at.atMs + this.options.metricsEveryMs
    const before = this.#measured
    this.#measured = { state, atMs: at.atMs }
    const rate = before ? rateBetween(before, this.#measured) : {}
    const machine = await this.options.measure()
    this.options.metrics({ at: utcText(at.utcMs), ...machine, ...numbersOf(state, at), ...rate })
  }

  #raise({ kind, urgent, data }: Happened, { utcMs }: Stamp): void {
    this.options.raise({ kind, urgent, data, utcMs })
  }
}
