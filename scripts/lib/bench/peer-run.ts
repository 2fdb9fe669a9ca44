/** A peer as a child: started, waited for, ended in order, and its recording proved. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from '../../../hardware/virtual/run.ts'
import { meter, type Usage } from './meter.ts'
import type { Bench } from './part.ts'
import { type Command, type PeerTask, peerFiles } from './peers.ts'

const RECORDS_WITHIN_MS = 30_000
const SETTLED_AFTER_MS = 5_000
const ENDS_WITHIN_MS = 15_000

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Throws unless every file holds the codec and at least the packets of so many seconds. */
const prove = async (task: PeerTask, seconds: number): Promise<void> => {
  for (const folder of task.folders)
    for (const file of peerFiles(task)) {
      const entries = ['-count_packets', '-show_entries', 'stream=codec_name,nb_read_packets']
      const out = await run('ffprobe', ['-v', 'error', ...entries, '-of', 'csv=p=0', join(folder, file)])
      const [codec, packets] = out.toString().trim().split(',')
      const [wanted, perSecond] = file.startsWith('camera') ? ['h264', 25] : ['opus', 50]
      if (codec !== wanted || Number(packets) < perSecond * seconds)
        throw new Error(`${file} holds ${packets} packets of ${codec}, not ${perSecond * seconds} of ${wanted}`)
    }
}

/** Measures for `seconds`, from five seconds after all its files grow. */
export const measurePeer = async (
  bench: Bench,
  command: (task: PeerTask) => Command,
  task: PeerTask,
  seconds: number,
): Promise<Usage> => {
  for (const folder of task.folders) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }
  const { program, args } = command(task)
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (bytes) => {
    complaint = `${complaint}${bytes}`.slice(-2_000)
  })
  const ended = () => child.exitCode !== null || child.signalCode !== null
  const stop = async (): Promise<void> => {
    if (ended()) return
    const gone = once(child, 'exit')
    child.kill('SIGINT')
    const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
    await gone
    clearTimeout(late)
  }
  bench.atEnd(stop)
  const paths = task.folders.flatMap((folder) => peerFiles(task).map((file) => join(folder, file)))
  const until = performance.now() + RECORDS_WITHIN_MS
  while (!paths.every((path) => sizeOf(path) > 0)) {
    if (ended() || performance.now() > until) throw new Error(`${program} does not record: ${complaint.trim()}`)
    await delay(100)
  }
  await delay(SETTLED_AFTER_MS)
  const usage = await meter(child.pid!, seconds, () => !ended())
  await stop()
  // Buffers hold back the last moments even at an orderly end, and the first ones may fall before a key frame.
  await prove(task, seconds + SETTLED_AFTER_MS / 1_000 - 2)
  return usage
}
