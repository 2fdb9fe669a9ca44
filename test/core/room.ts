/** A courtroom of plain data: feeds events to `decide` and keeps what it commands. */
import { reason } from '../../controller/base/reason.ts'
import type { Command, CommandName } from '../../controller/core/command.ts'
import { decide } from '../../controller/core/decide.ts'
import type { Event, OpenHearing, Stamp } from '../../controller/core/event.ts'
import { lampOf } from '../../controller/core/lamp.ts'
import { initialState } from '../../controller/core/start.ts'
import type { Plan, State } from '../../controller/core/state.ts'
import type { EntryBody, EntryKind, FragmentEntry } from '../../controller/journal/entry.ts'
import type { Button } from '../../controller/wire/clerk.ts'

export const START_MS = 100_000
export const START_UTC = Date.parse('2026-11-23T14:05:12.000Z')
export const WHY = reason('for the test', 'test')

const audio = (name: string, channel: number) =>
  ({ name, label: name, media: 'audio', source: 'mics', channel }) as const

export const PLAN: Plan = {
  court: 'District court',
  room: 'Courtroom 3',
  tracks: [
    { name: 'judge', label: 'Judge', media: 'video', source: 'judge', channel: 0 },
    audio('bench', 1),
    audio('witness', 2),
  ],
  sources: [
    { name: 'judge', required: true },
    { name: 'mics', required: true },
  ],
  stores: ['main', 'mirror'],
  panels: [
    { name: 'clerk', role: 'clerk' },
    { name: 'judge', role: 'judge' },
  ],
  stopNeedsLongPress: true,
  bytesPerSecond: 1_000_000,
  expectedHours: 4,
  afterInterruption: 'resume',
  resumeWithinMs: 3_600_000,
  stalledMs: 3_000,
  locksSealed: true,
  scrubEveryMs: 600_000,
  examineEveryMs: 0,
  trialAtStart: false,
  trialDailyMs: 3_600_000,
  slowMs: 500,
  bays: { main: 1, mirror: 2 },
  hasBoard: true,
  hasUps: true,
  power: { batteryMs: 1_200_000, reserveMs: 180_000, keepsHearing: false, camerasOnBattery: true },
}

/** Bytes for so many hours at the plan's rate. */
export const hours = (count: number): number => count * 3_600 * PLAN.bytesPerSecond

/** An event without its times; the room's clock puts them in. */
export type Told = Event extends infer E ? (E extends Event ? Omit<E, keyof Stamp> : never) : never

export class Room {
  state: State
  atMs = START_MS
  /** What the wall clock is ahead by. */
  aheadMs = 0
  commands: Command[] = []
  #seq: Record<string, number> = {}

  constructor(plan: Partial<Plan> = {}) {
    this.state = initialState({ ...PLAN, ...plan }, START_MS)
  }

  get utcMs(): number {
    return START_UTC + this.atMs - START_MS + this.aheadMs
  }

  get lamp(): string {
    return lampOf(this.state, this.atMs)
  }

  /** One event now; gives back what it commands. */
  tell(told: Told): Command[] {
    const { state, commands } = decide(this.state, { ...told, atMs: this.atMs, utcMs: this.utcMs } as Event)
    this.state = state
    this.commands.push(...commands)
    return commands
  }

  tick(afterMs = 250): Command[] {
    this.atMs += afterMs
    return this.tell({ is: 'tick' })
  }

  start(open: OpenHearing | null = null, lastRuns: Record<string, number> = {}): Command[] {
    return this.tell({ is: 'recorder-started', boot: 'boot-1', open, lastRuns, hearingIds: [] })
  }

  probe(store: string, ok = true, freeBytes = hours(10)): Command[] {
    const code = ok ? 'OK' : 'EIO'
    return this.tell({ is: 'store-probed', store, ok, freeBytes, tookMs: 2, code, reason: WHY })
  }

  /** The present rebuild of the store ends. */
  rebuilt(store: string, ok = true): Command[] {
    const one = this.state.stores[store]!
    const begunMs = one.is === 'rebuilding' ? one.sinceMs : this.atMs
    return this.tell({ is: 'rebuild-ended', store, begunMs, ok, copiedBytes: 5, reason: WHY })
  }

  runOf(source: string): number {
    return this.state.sources[source]!.run
  }

  arm(source: string): Command[] {
    return this.tell({ is: 'worker-armed', source, run: this.runOf(source) })
  }

  heard(source: string): Command[] {
    return this.tell({ is: 'worker-heard', source, run: this.runOf(source) })
  }

  exit(source: string, run = this.runOf(source)): Command[] {
    return this.tell({ is: 'worker-exited', source, run, reason: WHY })
  }

  press(button: Button, more: { case?: string; note?: string } = {}): Command[] {
    return this.tell({ is: 'button-pressed', button, case: '', note: '', by: 'clerk', request: 7, ...more })
  }

  /** A fragment of half a second that ends now on the media time line, unless told otherwise. */
  store(track: string, more: Partial<FragmentEntry> & { gapMs?: number } = {}): Command[] {
    const { gapMs = 0, ...fragment } = this.fragment(track, more)
    return this.tell({ is: 'fragment-stored', source: sourceOf(track), run: fragment.run, fragment, gapMs })
  }

  fragment(track: string, more: Partial<FragmentEntry> & { gapMs?: number } = {}): FragmentEntry & { gapMs?: number } {
    const run = more.run ?? this.runOf(sourceOf(track))
    const key = `${track}/${run}`
    const seq = more.seq ?? (this.#seq[key] ?? 0) + 1
    this.#seq[key] = seq
    const hearing = 'hearing' in this.state.hearing ? this.state.hearing.hearing : { zeroMs: this.atMs }
    const mediaMs = this.atMs - hearing.zeroMs - 500
    const rest = { file: `${track}.mp4`, offset: 0, sha256: '0'.repeat(64), samples: 12, codec: 'h264' }
    return { track, run, seq, bytes: 1_000, mediaMs, durationMs: 500, stores: ['main', 'mirror'], ...rest, ...more }
  }

  /** Time passes in an orderly room: heartbeats, probes and, behind open gates, fragments. */
  pass(ms: number, but: { silent?: string[]; deadStores?: string[] } = {}): void {
    for (let i = 1; i <= Math.round(ms / 500); i++) {
      this.atMs += 250
      this.tell({ is: 'tick' })
      this.atMs += 250
      if (this.state.hearing.is !== 'idle') this.tell({ is: 'journal-stored', store: 'main' })
      for (const [name, source] of Object.entries(this.state.sources)) {
        if (source.is !== 'live' || but.silent?.includes(name)) continue
        this.heard(name)
        if (this.state.gates[name]?.is !== 'open') continue
        for (const track of PLAN.tracks) if (track.source === name) this.store(track.name)
      }
      if (i % 4 === 0) for (const store of PLAN.stores) if (!but.deadStores?.includes(store)) this.probe(store)
      this.tell({ is: 'tick' })
    }
  }

  /** Commands of one name since the room began, or since `forget`. */
  done<N extends CommandName>(name: N): Extract<Command, { do: N }>[] {
    return this.commands.filter((one): one is Extract<Command, { do: N }> => one.do === name)
  }

  /** Journal lines of one kind. */
  journalled<K extends EntryKind>(kind: K): Extract<EntryBody, { kind: K }>[] {
    return this.done('journal')
      .map((one) => one.body)
      .filter((body): body is Extract<EntryBody, { kind: K }> => body.kind === kind)
  }

  forget(): this {
    this.commands = []
    return this
  }

  /** Every worker says it has closed, then the port says the files are. */
  closeAll(): void {
    for (const [source, { run }] of Object.entries(this.state.gates)) this.closed(source, run)
    this.searched()
    if (this.state.hearing.is === 'closing')
      this.tell({ is: 'hearing-finished', hearing: this.state.hearing.hearing.id })
  }

  /** Every store that is being completed from the other has nothing left to copy. */
  completed(): void {
    const next = Object.entries(this.state.stores).find(([, { is }]) => is === 'rebuilding')
    if (!next) return
    this.rebuilt(next[0])
    this.completed()
  }

  /** The disks hold nothing that the journal does not list. */
  searched(): void {
    for (const source of Object.keys(this.state.salvages)) this.tell({ is: 'salvage-ended', source })
  }

  closed(source: string, run = this.runOf(source)): Command[] {
    const hearing = 'hearing' in this.state.hearing ? this.state.hearing.hearing.id : ''
    return this.tell({ is: 'worker-closed', source, run, hearing, final: true })
  }
}

const sourceOf = (track: string): string => PLAN.tracks.find((one) => one.name === track)!.source

/** Started, both stores good, every source live. */
export const readyRoom = (plan: Partial<Plan> = {}): Room => {
  const room = new Room(plan)
  room.start()
  room.tick()
  for (const store of room.state.plan.stores) room.probe(store)
  room.completed()
  for (const { name } of room.state.plan.sources) room.arm(name)
  return room.forget()
}

/** On the record for `ms`, with everything as it should be. */
export const recordingRoom = (ms = 2_000, plan: Partial<Plan> = {}): Room => {
  const room = readyRoom(plan)
  room.press('rec', { case: '7599-26' })
  room.pass(ms)
  return room
}

/** An interrupted hearing as its journal would tell it. */
export const openHearing = (more: Partial<OpenHearing> = {}): OpenHearing => ({
  id: '2026-11-23_140412_Courtroom-3_7599-26',
  case: '7599-26',
  openedUtcMs: START_UTC - 60_000,
  zeroMonoMs: START_MS - 60_000,
  sameBoot: true,
  paused: false,
  lastUtcMs: START_UTC - 1_000,
  mediaEndMs: 59_000,
  tracks: {
    judge: { run: 3, seq: 118, fragments: 118, bytes: 118_000, seconds: 59, gaps: 0, endMs: 59_000 },
    bench: { run: 2, seq: 118, fragments: 118, bytes: 118_000, seconds: 59, gaps: 0, endMs: 59_000 },
    witness: { run: 2, seq: 118, fragments: 118, bytes: 118_000, seconds: 59, gaps: 0, endMs: 59_000 },
  },
  ...more,
})
