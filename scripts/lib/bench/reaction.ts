/**
 * From an edge on a line of the board to the trouble in the status, and to the FAULT lamp of a panel (its real firmware on
 * a simulated chip). Two seconds are allowed.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../../../controller/base/monotonic.ts'
import type { BoardInput } from '../../../controller/wire/board.ts'
import type { Status } from '../../../controller/wire/clerk.ts'
import { VirtualBoard } from '../../../hardware/virtual/board/virtual-board.ts'
import type { RecorderConfig } from '../../../hardware/virtual/courtroom.ts'
import { type RoomPanel, startRoomPanels } from '../../../hardware/virtual/panel/room-panel.ts'
import { askStatus } from '../clerk-link.ts'
import type { Bench, PartResult } from './part.ts'
import { dirsOf, runRecorder } from './recorder-run.ts'
import { median, worst } from './statistics.ts'

/** What the line becomes when something is wrong. */
const LINES: readonly [line: BoardInput, wrong: boolean][] = [
  ['mains-good', false],
  ['battery-low', true],
  ['disk-bay-1-fault', true],
  ['case-open', true],
  ['over-temperature', true],
]
const LOOK_MS = 10
const LIMIT_MS = 20_000

const configOf = (bench: Bench, stores: string[], panel: RoomPanel): RecorderConfig => ({
  court: 'Bench',
  room: 'Bench',
  ...dirsOf(bench),
  stores: stores.map((path, i) => ({ name: `store-${i + 1}`, path })),
  sources: [{ kind: 'test', media: 'audio', name: 'microphones', tracks: [{ name: 'microphone', channel: 1 }] }],
  hearing: { expectedHours: 0.01 },
  board: { profile: join(process.cwd(), 'hardware/profiles/virtual-courtroom.json') },
  panels: [{ role: 'clerk', path: panel.path }],
})

const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<void> => {
  const endMs = monotonicMs() + LIMIT_MS
  while (!(await isSo())) {
    if (monotonicMs() > endMs) throw new Error(`${what}: not within ${LIMIT_MS / 1_000} s`)
    await delay(LOOK_MS)
  }
}

/** Milliseconds after the edge. */
interface Reaction {
  line: BoardInput
  status: number
  lamp: number
}

const codesOf = (status: Status | null): string[] =>
  (status?.health.reasons ?? []).map(({ code, about }) => code + about)

const reactOnce = async (
  bench: Bench,
  board: VirtualBoard,
  panel: RoomPanel,
  [line, wrong]: (typeof LINES)[number],
): Promise<Reaction> => {
  const look = async () => codesOf(await askStatus(bench.runtimeDir))
  let before = await look()
  try {
    await until('nothing is wrong', async () => {
      before = await look()
      return before.length === 0 && !panel.lit.includes('fault')
    })
  } catch (cause) {
    throw new Error(`before ${line} something is wrong: ${before.join(', ') || 'the lamp FAULT'}`, { cause })
  }
  const edgeMs = monotonicMs()
  let lamp = Number.NaN
  const stop = panel.onChange(() => {
    if (Number.isNaN(lamp) && panel.lit.includes('fault')) lamp = monotonicMs() - edgeMs
  })
  try {
    board.set(line, wrong)
    await until(`the trouble of ${line}`, async () => (await look()).length > 0)
    const status = monotonicMs() - edgeMs
    await until(`the lamp for ${line}`, () => !Number.isNaN(lamp))
    return { line, status, lamp }
  } finally {
    stop()
    board.set(line, !wrong)
  }
}

export const measureReaction = async (bench: Bench): Promise<PartResult> => {
  // One: a second on the same disk would be a trouble from the start.
  const stores = [join(bench.home, 'store-1')]
  bench.atEnd(() => {
    for (const store of stores) rmSync(store, { recursive: true, force: true })
  })
  const { panels, stop } = await startRoomPanels(bench.runtimeDir)
  bench.atEnd(stop)
  const board = new VirtualBoard(join(bench.runtimeDir, 'board.sock'))
  bench.atEnd(() => board.close())
  await board.ready
  const recorder = await runRecorder(bench, configOf(bench, stores, panels.clerk))
  await recorder.untilLive()
  await recorder.press('rec')
  const reactions: Reaction[] = []
  for (let round = 0; round < bench.options.edges; round++)
    for (const one of LINES) {
      // At any moment of the recorder's own rhythms.
      await delay(Math.random() * 500)
      reactions.push(await reactOnce(bench, board, panels.clerk, one))
    }
  await recorder.press('stop')
  await recorder.untilClosed()
  await recorder.stop()
  const ms = (value: number): string => value.toFixed(0)
  const rows = LINES.map(([line]) => {
    const of = reactions.filter((one) => one.line === line)
    const [statuses, lamps] = [of.map(({ status }) => status), of.map(({ lamp }) => lamp)]
    return [line, ms(median(statuses)), ms(worst(statuses)), ms(median(lamps)), ms(worst(lamps))]
  })
  const notes = [
    `${bench.options.edges} edges a line on the virtual board, while one microphone is recorded; 2000 ms are allowed`,
    'the mains may be away for 1200 ms before that is a trouble; the lamp is that of the simulated panel',
    `milliseconds after the edge; the status is asked for every ${LOOK_MS} ms`,
  ]
  const head = ['line', 'status median', 'worst', 'lamp median', 'worst']
  return { tables: [{ title: 'From an edge on a line', head, rows, notes }], figures: reactions }
}
