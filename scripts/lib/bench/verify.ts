/** How fast a hearing is verified, beside sha256sum over the same files in the same run. */

import { spawnSync } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ChainWriter } from '../../../controller/journal/chain.ts'
import type { FragmentEntry } from '../../../controller/journal/entry.ts'
import type { VerifyBenchOptions } from './options.ts'
import type { Table } from './part.ts'
import { median } from './statistics.ts'

const FRAGMENT_MS = 480
/** A new file every five minutes. */
const FRAGMENTS_A_FILE = 625
const TRACKS = [
  ...['hall', 'judge-view', 'parties', 'witness-view'].map((name) => ({
    name,
    media: 'video' as const,
    bytes: 180_000,
  })),
  ...['mic-1', 'mic-2', 'mic-3', 'mic-4', 'mic-5', 'mic-6'].map((name) => ({
    name,
    media: 'audio' as const,
    bytes: 6_000,
  })),
]
const TURN_BYTES = TRACKS.reduce((sum, { bytes }) => sum + bytes, 0)

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const stampAt = (ms: number) => ({ utc: new Date(Date.UTC(2026, 10, 23, 9) + ms).toISOString(), monoMs: 5_000 + ms })
const why = { clerk: 'Made for measuring.', engineer: 'scripts/bench verify' }

/** Writes a hearing of four cameras and six microphones, fragment by fragment, and returns its media files. */
const makeHearing = (dir: string, megabytes: number): string[] => {
  const writer = new ChainWriter(sha256)
  const journal = join(dir, 'journal.ndjson')
  const media = randomFillSync(Buffer.alloc(180_000))
  const ends = new Map<string, number>()
  const tracks = TRACKS.map(({ name, media: of }, channel) => ({ name, label: name, media: of, source: name, channel }))
  const opened = {
    kind: 'hearing-opened',
    id: 'bench',
    court: '',
    room: 'bench',
    case: '',
    tracks,
    reason: why,
  } as const
  for (const { name } of TRACKS) mkdirSync(join(dir, name), { recursive: true })
  writeFileSync(journal, `${writer.append(stampAt(0), { ...opened, zeroMonoMs: 5_000, boot: 'b' }).line}\n`)
  const turns = Math.ceil((megabytes * 1e6) / TURN_BYTES)
  for (let turn = 0; turn < turns; turn++) {
    const fragments = TRACKS.map(({ name, media: of, bytes }): FragmentEntry => {
      const file = `${name}/${String(Math.floor(turn / FRAGMENTS_A_FILE) + 1).padStart(4, '0')}.mp4`
      const offset = ends.get(file) ?? 0
      media.writeUInt32BE(turn)
      const content = media.subarray(0, bytes)
      appendFileSync(join(dir, file), content)
      ends.set(file, offset + bytes)
      return {
        ...{ track: name, run: 1, seq: turn + 1, file, offset, bytes, sha256: sha256(content), samples: 12 },
        ...{
          mediaMs: turn * FRAGMENT_MS,
          durationMs: FRAGMENT_MS,
          codec: of === 'video' ? 'avc1' : 'opus',
          stores: ['main'],
        },
      }
    })
    appendFileSync(journal, `${writer.append(stampAt(turn * FRAGMENT_MS), { kind: 'fragments', fragments }).line}\n`)
  }
  const closed = { kind: 'hearing-closed', mediaMs: turns * FRAGMENT_MS, reason: why } as const
  appendFileSync(journal, `${writer.append(stampAt(turns * FRAGMENT_MS), closed).line}\n`)
  return [journal, ...TRACKS.flatMap(({ name }) => readdirSync(join(dir, name)).map((file) => join(dir, name, file)))]
}

/** Runs the words behind it, and says on standard error how much memory that held at most, in kB (getrusage). */
const WEIGH = `import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)`

interface Timed {
  seconds: number
  said: string
  megabytes: number
}

/** Seconds that a program takes on so many cores, and the most memory it held. */
const time = (cores: number, program: string, words: string[]): Timed => {
  const on = ['taskset', '-c', cores === 1 ? '0' : `0-${cores - 1}`]
  const begun = performance.now()
  const { stdout, stderr, error } = spawnSync('python3', ['-c', WEIGH, ...on, program, ...words], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  if (error) throw error
  const kilobytes = Number(stderr.trimEnd().split('\n').at(-1))
  return { seconds: (performance.now() - begun) / 1_000, said: stdout, megabytes: kilobytes / 1_000 }
}

/** Whoever measures a verifier that finds nothing to verify measures nothing. */
const mustBeWhole = (said: string): void => {
  const { findings } = JSON.parse(said) as { findings: { code: string }[] }
  const codes = findings.map(({ code }) => code).join()
  if (codes !== 'unsigned') throw new Error(`the verifier found ${codes || 'nothing'} where it should find: unsigned`)
}

/** @param verbatim the bundled program */
export const measureVerify = (
  home: string,
  verbatim: string,
  { megabytes, rounds: count }: VerifyBenchOptions,
  say: (line: string) => void,
): Table => {
  const dir = join(home, 'verify')
  rmSync(dir, { recursive: true, force: true })
  try {
    say(`making a hearing of ${megabytes} MB ...`)
    const files = makeHearing(dir, megabytes)
    const rows: string[][] = []
    for (const cores of availableParallelism() > 1 ? [1, 2] : [1]) {
      const rounds = Array.from({ length: count }, () => {
        const sum = time(1, 'sha256sum', files).seconds
        const { seconds, said, megabytes: memory } = time(cores, process.execPath, [verbatim, 'verify', dir, '--json'])
        mustBeWhole(said)
        return { sum, seconds, memory, ratio: sum / seconds }
      })
      const rate = (of: number[]) => `${(megabytes / median(of)).toFixed(0)} MB/s`
      const ratio = median(rounds.map((round) => round.ratio)).toFixed(2)
      const [sums, times] = [rounds.map(({ sum }) => sum), rounds.map(({ seconds }) => seconds)]
      const memory = `${Math.max(...rounds.map((round) => round.memory)).toFixed(0)} MB`
      rows.push([`${cores}`, rate(times), rate(sums), ratio, cores === 1 ? '0.80' : '1.50', memory])
    }
    return {
      title: `Verifying ${megabytes} MB beside sha256sum on one core`,
      head: ['cores', 'verify', 'sha256sum', 'ratio', 'wanted', 'memory'],
      rows,
      notes: [
        `medians of ${count} rounds, each with its own sha256sum; starting Node and reading the journal included`,
        'memory is the most that any round held; it should not grow with the hearing: compare --megabytes 10000',
      ],
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
