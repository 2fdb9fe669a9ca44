/** From the clerk's press of REC, as the control socket hears it, to sound on disk. The recorder is armed before. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs } from '../../../controller/base/monotonic.ts'
import type { RecorderConfig } from '../../../hardware/virtual/courtroom.ts'
import { linesOf, linesOfKind, zeroMsOf } from './hearing-lines.ts'
import type { Bench, PartResult } from './part.ts'
import { watchArrivals } from './press-watch.ts'
import { dirsOf, type RecorderRun, runRecorder } from './recorder-run.ts'
import { median, worst } from './statistics.ts'

const SOURCE = 'microphones'
const TRACKS = Array.from({ length: 6 }, (_, i) => `microphone-${i + 1}`)

const configOf = (bench: Bench, stores: string[]): RecorderConfig => ({
  court: 'Bench',
  room: 'Bench',
  ...dirsOf(bench),
  stores: stores.map((path, i) => ({ name: `store-${i + 1}`, path })),
  sources: [
    {
      ...{ kind: 'test', media: 'audio', name: SOURCE, pattern: 'tones' },
      tracks: TRACKS.map((name, i) => ({ name, channel: i + 1 })),
    },
  ],
  hearing: { expectedHours: 0.1 },
})

/** Milliseconds after the press. */
interface Press {
  accepted: number
  /** When the first recorded sample sounded, of the track that begins last. */
  firstSample: number
  bytes: number
  durable: number
  journal: number
}

const pressOnce = async (recorder: RecorderRun, stores: string[]): Promise<Press> => {
  const pressedMs = monotonicMs()
  const id = await recorder.press('rec')
  const acceptedMs = monotonicMs()
  const hearings = stores.map((store) => join(store, id))
  const arrivals = await watchArrivals(hearings, SOURCE, TRACKS)
  await recorder.press('stop')
  await recorder.untilClosed()
  const lines = linesOf(hearings[0]!)
  const begun = linesOfKind(lines, 'started')
  if (begun.length !== TRACKS.length) throw new Error(`${begun.length} of ${TRACKS.length} tracks began`)
  return {
    accepted: acceptedMs - pressedMs,
    firstSample: zeroMsOf(lines) + worst(begun.map(({ mediaMs }) => mediaMs)) - pressedMs,
    bytes: arrivals.bytesMs - pressedMs,
    durable: arrivals.durableMs - pressedMs,
    journal: arrivals.journalMs - pressedMs,
  }
}

const ROWS: [keyof Press, string][] = [
  ['accepted', 'REC is answered'],
  ['firstSample', 'the first recorded sample sounds'],
  ['bytes', 'its bytes are in the files of both stores'],
  ['durable', 'they are durable on both stores'],
  ['journal', 'the journal says so'],
]

export const measurePress = async (bench: Bench): Promise<PartResult> => {
  const stores = ['store-1', 'store-2'].map((name) => join(bench.home, name))
  bench.atEnd(() => {
    for (const store of stores) rmSync(store, { recursive: true, force: true })
  })
  const recorder = await runRecorder(bench, configOf(bench, stores))
  await recorder.untilLive()
  const presses: Press[] = []
  while (presses.length < bench.options.presses) {
    // At any moment of the recorder's own rhythms.
    await delay(300 + Math.random() * 500)
    presses.push(await pressOnce(recorder, stores))
    if (presses.length % 10 === 0) bench.say(`press ${presses.length}/${bench.options.presses}`)
  }
  await recorder.stop()
  const ms = (value: number): string => value.toFixed(0)
  const rows = ROWS.map(([what, text]) => {
    const values = presses.map((press) => press[what])
    return [text, ms(median(values)), ms(worst(values)), ms(Math.min(...values))]
  })
  const notes = [
    `${presses.length} presses on an armed recorder with six test tones and two stores, the last of the six tracks each time`,
    'milliseconds after the request is written to the control socket; the files are looked at every 4 ms',
  ]
  const table = { title: 'From the press of REC', head: ['until', 'median ms', 'worst ms', 'best ms'], rows, notes }
  return { tables: [table], figures: presses }
}
