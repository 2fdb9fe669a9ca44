/** One appliance that does not exist: looks at its room whenever something may be different, and says so. */
import { between, chance } from './chance.ts'
import { type Day, layOut, nextTurn } from './day.ts'
import { happenedBetween } from './happened.ts'
import type { Line } from './line.ts'
import { dayOf } from './local-day.ts'
import type { SimulatedRoom } from './room.ts'
import { type RoomNow, roomNow } from './room-now.ts'
import { metricsSaid, stateSaid } from './said.ts'
import type { Schedule } from './schedule.ts'
import type { SimulatedTime } from './simulated-time.ts'

export interface SimulatedApplianceOptions {
  room: SimulatedRoom
  time: SimulatedTime
  line: Line
  schedule: Schedule
  utcMs?: () => number
  /** Revision of the configuration from the hub that is in force. */
  configRev?: () => number
}

const METRICS_MS = 30_000
const STATE_MS = 60_000
/** Nothing is looked at more often, however fast days go by. */
const SHORTEST_MS = 100

export class SimulatedAppliance {
  #day: { number: number; laid: Day } | null = null
  #before: RoomNow | null = null
  #isOn = false
  #isCut = false
  #isEnded = false
  /** Starts that somebody ordered. */
  #restarts = 0

  constructor(private readonly options: SimulatedApplianceOptions) {}

  start(): void {
    const { room, schedule } = this.options
    this.#look()
    // Spread, so that ten thousand do not speak at once.
    const repeat = (everyMs: number, say: () => void): void => {
      const again = (): void => {
        if (this.#isEnded) return
        if (this.#isOn) say()
        schedule.after(everyMs * between(0.9, 1.1, room.seed, room.device, this.#now().atMs), again)
      }
      schedule.after(everyMs * chance(room.seed, room.device, 'spread', everyMs), again)
    }
    repeat(METRICS_MS, () => this.#sayMetrics())
    repeat(STATE_MS, () => this.#sayState(this.#now()))
  }

  /** Whether its machine runs. */
  get isOn(): boolean {
    return this.#isOn
  }

  /** Null while its machine is off. */
  get latest(): RoomNow | null {
    return this.#isOn ? this.#now() : null
  }

  /** Its machine is switched off and on. */
  restart(): void {
    if (!this.#isOn) return
    this.#restarts++
    this.options.line.kill()
    this.options.line.start(this.#boot(this.#now()))
    this.options.line.raise({ kind: 'recorder-started', urgent: false, utcMs: this.#utcMs(), data: {} })
    this.#sayState(this.#now())
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.options.line.end()
  }

  #utcMs(): number {
    return (this.options.utcMs ?? Date.now)()
  }

  #now(): RoomNow {
    const atMs = this.options.time.at(this.#utcMs())
    const number = dayOf(atMs)
    if (this.#day?.number !== number) this.#day = { number, laid: layOut(this.options.room, number) }
    return roomNow(this.options.room, this.#day.laid, atMs)
  }

  #look(): void {
    if (this.#isEnded) return
    const { time, schedule } = this.options
    const now = this.#now()
    this.#powered(now)
    this.#connected(now)
    if (this.#isOn) this.#tell(now)
    const dueMs = time.toUtc(nextTurn(this.#day!.laid, now.atMs)) - this.#utcMs()
    schedule.after(Math.max(SHORTEST_MS, dueMs), () => this.#look())
  }

  #boot({ bootedMs }: RoomNow): string {
    return `${this.options.room.serial}-${bootedMs}-${this.#restarts}`
  }

  #powered(now: RoomNow): void {
    const { power, bootedMs } = now
    const isOn = power === 'on'
    const isRestarted = this.#before !== null && this.#before.bootedMs !== bootedMs
    if (this.#isOn && (!isOn || isRestarted)) this.options.line.kill()
    if (isOn && (!this.#isOn || isRestarted)) this.options.line.start(this.#boot(now))
    this.#isOn = isOn
  }

  #connected({ network }: RoomNow): void {
    const isCut = network === 'cut'
    if (isCut === this.#isCut) return
    this.#isCut = isCut
    if (isCut) this.options.line.cut()
    else this.options.line.mend()
  }

  #tell(now: RoomNow): void {
    const { line, time } = this.options
    const toUtc = (ms: number): number => time.toUtc(ms)
    for (const { kind, urgent, data, alarm } of happenedBetween(this.#before, now, toUtc)) {
      line.raise({ kind, urgent, data, utcMs: this.#utcMs() })
      if (alarm) line.alarm(alarm.id, alarm.raised)
    }
    this.#before = now
    this.#sayState(now)
  }

  #sayState(now: RoomNow): void {
    const { time, line, configRev } = this.options
    line.state(stateSaid(now, (ms) => time.toUtc(ms), configRev?.() ?? 0))
  }

  #sayMetrics(): void {
    const { room, line, time } = this.options
    line.metrics(metricsSaid(room, this.#now(), (ms) => time.toUtc(ms), line.counted()))
  }
}
