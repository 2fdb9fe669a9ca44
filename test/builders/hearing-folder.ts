import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ChainWriter } from '../../controller/journal/chain.ts'
import type { EntryBody, FragmentEntry, TrackEntry } from '../../controller/journal/entry.ts'
import { sha256 } from './hash.ts'
import { stampAt } from './journal.ts'

export interface HearingPlan {
  id?: string
  tracks?: TrackEntry[]
  /** Segment files of each track. */
  segments?: number
  /** Fragments in each segment file, each of 480 ms. */
  fragments?: number
  fragmentBytes?: number
  closed?: boolean
  /** Stores that the fragments say they were confirmed on. */
  stores?: string[]
  /** Changes what is journalled of a fragment. */
  alter?: (fragment: FragmentEntry) => FragmentEntry
  /** Lines before the closing one. */
  more?: EntryBody[]
  /** Lines after the closing one. */
  after?: EntryBody[]
}

export const FRAGMENT_MS = 480

const TRACKS: TrackEntry[] = [
  { name: 'hall', label: 'Hall camera', media: 'video', source: 'hall', channel: 0 },
  { name: 'judge', label: 'Judge', media: 'audio', source: 'desk', channel: 1 },
]

/** Bytes that differ from place to place and are the same in every run. */
const mediaOf = (name: string, bytes: number): Buffer => {
  const blocks: Buffer[] = []
  for (let i = 0; i * 32 < bytes; i++) blocks.push(Buffer.from(sha256(Buffer.from(`${name} ${i}`)), 'hex'))
  return Buffer.concat(blocks).subarray(0, bytes)
}

const why = { clerk: 'The REC button was pressed.', engineer: 'press rec' }

/** A recorded hearing: its segment files (path to bytes) and its journal. Media is made up, everything else is real. */
export const planHearing = (plan: HearingPlan = {}) => {
  const { tracks = TRACKS, segments = 2, fragments: each = 4, fragmentBytes = 300, stores = ['main', 'mirror'] } = plan
  const files = new Map<string, Buffer>()
  const bodies: EntryBody[] = [
    {
      kind: 'hearing-opened',
      id: plan.id ?? 'hearing-1',
      court: 'Court of Examples',
      room: 'Room 3',
      case: '2-17/2026',
      zeroMonoMs: 5_000,
      boot: 'boot-1',
      tracks,
      reason: why,
    },
    { kind: 'state', from: 'idle', to: 'recording', mediaMs: 0, reason: why },
  ]
  for (let segment = 0; segment < segments; segment++) {
    for (let i = 0; i < each; i++) {
      const fragments = tracks.map((track): FragmentEntry => {
        const seq = segment * each + i + 1
        const file = `${track.name}/${String(segment + 1).padStart(4, '0')}.mp4`
        const before = files.get(file) ?? Buffer.alloc(0)
        const bytes = mediaOf(`${track.name} ${seq}`, fragmentBytes + (i % 3) * 7)
        files.set(file, Buffer.concat([before, bytes]))
        const fragment: FragmentEntry = {
          track: track.name,
          run: 1,
          seq,
          file,
          offset: before.length,
          bytes: bytes.length,
          sha256: sha256(bytes),
          mediaMs: (seq - 1) * FRAGMENT_MS,
          durationMs: FRAGMENT_MS,
          samples: track.media === 'video' ? 12 : 24,
          codec: track.media === 'video' ? 'avc1.42c01f' : 'opus',
          stores,
        }
        return plan.alter?.(fragment) ?? fragment
      })
      bodies.push({ kind: 'fragments', fragments })
    }
  }
  bodies.push(...(plan.more ?? []))
  const mediaMs = segments * each * FRAGMENT_MS
  if (plan.closed ?? true)
    bodies.push({ kind: 'hearing-closed', mediaMs, reason: { ...why, clerk: 'STOP was pressed.' } })
  bodies.push(...(plan.after ?? []))
  const writer = new ChainWriter(sha256)
  const journal = Buffer.from(bodies.map((body, i) => `${writer.append(stampAt(i), body).line}\n`).join(''))
  return { id: plan.id ?? 'hearing-1', files, journal, head: writer.place.prev }
}

/** Writes such a hearing into the folder `dir`, which is made. */
export const buildHearing = (dir: string, plan: HearingPlan = {}) => {
  const hearing = planHearing(plan)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'journal.ndjson'), hearing.journal)
  for (const [file, bytes] of hearing.files) {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), bytes)
  }
  return hearing
}
