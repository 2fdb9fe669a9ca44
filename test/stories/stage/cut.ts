/** Everything stops at one instant, by kill or by power cut; then what was lost is measured. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { monotonicMs } from '../../../controller/base/monotonic.ts'
import { LoopDisk } from './disk.ts'
import type { Journal } from './journal.ts'
import { assertClosed, assertWhole } from './proof.ts'
import { CAMERAS, MICROPHONES } from './sources.ts'
import type { Stage } from './stage.ts'
import { sleep } from './until.ts'

export const TRACKS: readonly string[] = [...CAMERAS, ...MICROPHONES]

export interface Instant {
  hearing: string
  /** Where the hearing stood on its media time line when everything stopped. */
  mediaMs: number
  /** The journal as it could be read just before. */
  known: Journal
}

export interface Loss {
  worstMs: number
  worstTrack: string
  /** Segment files that came back with no byte in them. */
  emptyFiles: number
  foundFragments: number
}

/** REC, a random while, and then the recorder and all its workers are gone; with `power`, the disks lose what they had not stored. */
export const stopEverything = async (stage: Stage, power: boolean): Promise<Instant> => {
  const workers = await stage.workerPids()
  const hearing = await stage.rec()
  await stage.recorded(1.5)
  await sleep(Math.random() * 3_000)
  // Read first, then cut: whatever stands here had been promised.
  const known = stage.journal(hearing)
  const cutMs = power ? LoopDisk.cutPower(stage.disks.map((disk) => disk!)) : monotonicMs()
  for (const pid of [stage.recorder.pid, ...workers]) process.kill(pid, 'SIGKILL')
  await stage.recorder.gone()
  if (power) {
    await sleep(300)
    for (const disk of stage.disks) {
      disk!.detach()
      disk!.attach()
    }
  }
  return { hearing, mediaMs: cutMs - known.opened.zeroMonoMs, known }
}

/** What the recovered journals lack of each track, up to the instant at which everything stopped. */
export const measureLoss = async (stage: Stage, { hearing, mediaMs, known }: Instant): Promise<Loss> => {
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  const losses = TRACKS.map((track) => {
    const listed = new Map(
      journal.fragments(track).map((fragment) => [`${fragment.file} ${fragment.offset}`, fragment]),
    )
    for (const { file, offset, sha256 } of known.fragments(track))
      assert.is(listed.get(`${file} ${offset}`)?.sha256, sha256, `${file} at ${offset} was promised`)
    return { track, ms: mediaMs - endBefore(journal, track, mediaMs) }
  })
  const worst = losses.reduce((a, b) => (b.ms > a.ms ? b : a))
  return {
    worstMs: worst.ms,
    worstTrack: worst.track,
    emptyFiles: stage.stores.flatMap((store) => emptyFiles(join(store, hearing))).length,
    foundFragments: journal.of('found').flatMap(({ fragments }) => fragments).length,
  }
}

/** End of what the track holds from before the instant. */
const endBefore = (journal: Journal, track: string, instantMs: number): number =>
  journal
    .fragments(track)
    .filter(({ mediaMs }) => mediaMs < instantMs)
    .reduce((end, { mediaMs, durationMs }) => Math.max(end, mediaMs + durationMs), 0)

const emptyFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.mp4') && statSync(join(folder, name)).size === 0,
  )

/** One interruption, from REC to the recovered hearing. The stage's recorder runs before and after it. */
export const interrupt = async (stage: Stage, power: boolean, number: number): Promise<Loss> => {
  const instant = await stopEverything(stage, power)
  // With the power goes what lies in memory: sockets and worker files. The register is given up too.
  await stage.ready(
    power ? { runtimeDir: stage.newFolder(`run-${number}`), stateDir: stage.newFolder(`state-${number}`) } : {},
  )
  await stage.closed()
  const loss = await measureLoss(stage, instant)
  console.log(`      ${power ? 'power cut' : 'killed'} at ${(instant.mediaMs / 1_000).toFixed(1)} s: ${lossText(loss)}`)
  return loss
}

/** R11: at most a second of any track. */
export const MOST_LOST_MS = 1_000

/** An interrupted hearing is closed at the next start, so that each interruption has a hearing of its own. */
export const CLOSE_INTERRUPTED = { expectedHours: 0.01, afterInterruption: 'close' } as const

export const lossText = ({ worstMs, worstTrack, emptyFiles, foundFragments }: Loss): string =>
  `worst loss ${(worstMs / 1_000).toFixed(2)} s (${worstTrack}), ${foundFragments} fragments found on disk, ${emptyFiles} empty files`
