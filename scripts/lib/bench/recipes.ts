/** Recipes in common use that leave it to the kernel when something reaches the disk, as children that record one camera. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { monotonicMs } from '../../../controller/base/monotonic.ts'
import { run } from '../../../hardware/virtual/run.ts'

export const RECIPES = {
  '10 s MP4 segments, no fsync': (dir: string) => [
    ...['-f', 'segment', '-segment_time', '10', '-segment_format', 'mp4', '-reset_timestamps', '1'],
    join(dir, '%04d.mp4'),
  ],
  'fragmented MP4, 1 s, no fsync': (dir: string) => [
    ...['-f', 'mp4', '-movflags', 'empty_moov+default_base_moof', '-frag_duration', '1000000'],
    join(dir, 'whole.mp4'),
  ],
} as const
export type RecipeName = keyof typeof RECIPES

const FRAMES_A_SECOND = 25

export interface RecipeRun {
  name: RecipeName
  folder: string
  /** Seconds of the camera that have arrived until now; 0 before the first picture. */
  arrivedSeconds: () => number
  signal: (signal: NodeJS.Signals) => void
}

export const runRecipe = (name: RecipeName, url: string, disk: string): RecipeRun => {
  const folder = Object.keys(RECIPES).indexOf(name).toString()
  const dir = join(disk, folder)
  mkdirSync(dir, { recursive: true })
  const input = ['-nostdin', '-v', 'error', '-progress', 'pipe:1', '-stats_period', '0.1', '-rtsp_transport', 'tcp']
  const child = spawn('ffmpeg', [...input, '-i', url, '-c', 'copy', ...RECIPES[name](dir)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let first: { frames: number; atMs: number } | null = null
  createInterface({ input: child.stdout }).on('line', (line) => {
    const frames = Number(/^frame=\s*(\d+)/.exec(line)?.[1] ?? 0)
    if (frames) first ??= { frames, atMs: monotonicMs() }
  })
  return {
    name,
    folder,
    arrivedSeconds: () => (first ? first.frames / FRAMES_A_SECOND + (monotonicMs() - first.atMs) / 1_000 : 0),
    signal: (signal) => void (child.exitCode ?? child.kill(signal)),
  }
}

/** Seconds of pictures that a player finds in the files; those it cannot open hold none. */
export const playableSeconds = async (dir: string): Promise<number> => {
  let names: string[] = []
  try {
    names = readdirSync(dir)
  } catch {
    return 0
  }
  const entries = ['-v', 'quiet', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0']
  const packets = names.map(async (name) => {
    const said = await run('ffprobe', [...entries, join(dir, name)]).catch(() => Buffer.of())
    return Number.parseInt(said.toString(), 10) || 0
  })
  return (await Promise.all(packets)).reduce((total, count) => total + count, 0) / FRAMES_A_SECOND
}
