/**
 * What recording costs: the recorder beside peers that do less. Everybody records the same cameras from one server and
 * the same sound, one after the other, and each round begins with another one.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { checkHearing, folderOf } from '../unattended-hearing.ts'
import { type CostInputs, openCostInputs } from './cost-inputs.ts'
import { costTable } from './cost-table.ts'
import { meter, type Usage } from './meter.ts'
import type { Bench, PartResult } from './part.ts'
import { measurePeer } from './peer-run.ts'
import { ffmpeg, gstLaunch } from './peers.ts'
import { dirsOf, runRecorder } from './recorder-run.ts'

const SETTLED_AFTER_MS = 5_000
/** The sound file must outlast waiting for the sources, settling and the measured time. */
const SPARE_S = 60

export interface Contender {
  name: string
  peer: boolean
  folders: number
  measure: () => Promise<Usage>
}

const measureRecorder = async (bench: Bench, { courtroom, sound }: CostInputs, seconds: number): Promise<Usage> => {
  const stores = ['store-1', 'store-2'].map((name) => join(bench.home, name))
  for (const store of stores) rmSync(store, { recursive: true, force: true })
  const config = courtroom.config(stores, dirsOf(bench))
  const sources = config.sources.map((source) => (source.kind === 'file' ? { ...source, path: sound } : source))
  const recorder = await runRecorder(bench, { ...config, sources })
  await recorder.untilLive()
  const hearing = await recorder.press('rec')
  await delay(SETTLED_AFTER_MS)
  const usage = await meter(recorder.child.pid, seconds, () => !recorder.child.ended())
  await recorder.press('stop')
  await recorder.untilClosed()
  await recorder.stop()
  for (const store of stores)
    for (const { name, seconds: held, gaps } of await checkHearing(folderOf(store, hearing)))
      if (held < seconds + 4 || gaps) throw new Error(`${name} holds ${held.toFixed(1)} s with ${gaps} gaps`)
  return usage
}

const contendersOf = (bench: Bench, inputs: CostInputs, seconds: number): Contender[] => {
  const peer = (name: string, command: typeof ffmpeg, count: number): Contender => {
    const folders = ['peer-1', 'peer-2'].slice(0, count).map((folder) => join(bench.home, folder))
    const measure = () => measurePeer(bench, command, { ...inputs, folders }, seconds)
    return { name, peer: true, folders: count, measure }
  }
  return [
    { name: 'verbatim', peer: false, folders: 2, measure: () => measureRecorder(bench, inputs, seconds) },
    peer('gst-launch-1.0', gstLaunch, 1),
    peer('ffmpeg', ffmpeg, 1),
    peer('gst-launch-1.0', gstLaunch, 2),
    peer('ffmpeg', ffmpeg, 2),
  ]
}

export const measureCost = async (bench: Bench): Promise<PartResult> => {
  const { seconds, rounds } = bench.options
  const inputs = await openCostInputs(bench, seconds + SPARE_S)
  bench.atEnd(() => {
    for (const name of ['microphones.wav', 'store-1', 'store-2', 'peer-1', 'peer-2'])
      rmSync(join(bench.home, name), { recursive: true, force: true })
  })
  const contenders = contendersOf(bench, inputs, seconds)
  const found = new Map<Contender, Usage[]>(contenders.map((contender) => [contender, []]))
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round) % contenders.length]!
      const { name, folders } = contender
      bench.say(
        `cost ${round * contenders.length + turn + 1}/${rounds * contenders.length}: ${name}, ${folders} folders`,
      )
      found.get(contender)!.push(await contender.measure())
    }
  return costTable(found)
}
