/** Under what the figures were taken: without that they say little. */
import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { median, worst } from './statistics.ts'

const said = (program: string, args: string[]): string => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}

const versionIn = (text: string): string => /version (\d+(\.\d+)+)/.exec(text)?.[1] ?? 'unknown'

/** Kernel write-back settings, which decide what a power cut takes from those who do not synchronise. */
const writeBack = (): string =>
  ['dirty_writeback_centisecs', 'dirty_expire_centisecs', 'dirty_background_ratio', 'dirty_ratio']
    .map((name) => `${name}=${readFileSync(`/proc/sys/vm/${name}`, 'utf8').trim()}`)
    .join(' ')

/** What it costs here to have 16 KB durable: on a disk with a cache of its own next to nothing. */
const synchronising = (home: string): string => {
  const path = join(home, 'synchronising')
  const file = openSync(path, 'w')
  const times = Array.from({ length: 50 }, () => {
    writeSync(file, Buffer.alloc(16 << 10))
    const begun = performance.now()
    fdatasyncSync(file)
    return performance.now() - begun
  })
  closeSync(file)
  rmSync(path)
  return `fdatasync ${median(times).toFixed(2)} ms in the median, ${worst(times).toFixed(2)} at worst`
}

export const conditionsOf = (home: string): Record<string, string> => ({
  date: new Date().toISOString().slice(0, 16).replace('T', ' '),
  processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
  'load before': loadavg()[0]!.toFixed(2),
  memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
  kernel: release(),
  system: /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown',
  disk: said('df', ['--output=source,fstype', home]).split('\n').at(-1)?.replaceAll(/\s+/g, ' ') ?? 'unknown',
  synchronising: synchronising(home),
  'write-back': writeBack(),
  node: process.versions.node,
  gstreamer: versionIn(said('gst-launch-1.0', ['--version'])),
  ffmpeg: versionIn(said('ffmpeg', ['-version'])),
  'source code': said('git', ['describe', '--always', '--dirty']),
})
