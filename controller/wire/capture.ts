/**
 * What the recorder and a capture worker say to each other: one JSON object a line, on the worker's Unix socket.
 * Monotonic times are of one machine, so both ends share them.
 */
import { z } from 'zod'
import { VerbatimError } from '../base/error.ts'
import { describeIssues, Limits } from './config.ts'

const Run = z.int().min(1)
const Track = z.string().min(1).max(40)
const StoreName = z.string().min(1).max(40)
const Reason = z.object({ clerk: z.string().max(500), engineer: z.string().max(4_000) })
const finite = z.number()

/** A fragment as the worker reports it, after fdatasync on the stores it names. */
export const Fragment = z.object({
  track: Track,
  run: Run.describe('incarnation of the worker'),
  seq: z.int().min(1).describe('number within run and track, from 1'),
  file: z.string().min(1).max(200).describe('segment file, inside the hearing folder'),
  offset: z.int().min(0),
  bytes: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaMs: finite.describe('start on the media time line'),
  durationMs: finite.min(0),
  samples: z.int().min(1),
  codec: z.string().min(1).max(60),
  stores: z.array(StoreName).max(2).describe('stores that have confirmed it'),
  gapMs: finite.min(0).default(0).describe('media time missing before it; 0 when it follows on'),
})
export type Fragment = z.output<typeof Fragment>

/** Where a worker stands in a hearing. */
export const Gate = z.enum(['closed', 'open'])

export const FromWorker = z.discriminatedUnion('is', [
  z
    .object({
      is: z.literal('hello'),
      source: Track,
      run: Run,
      pid: z.int(),
      hearing: z.string().max(200).nullable(),
      gate: Gate,
      armed: z.boolean(),
      stores: z.array(StoreName).max(2).describe('stores it still writes to'),
      takesNotice: z.boolean().default(false).describe('it knows `notice`; a worker of an earlier version may not'),
    })
    .describe('First word to every listener'),
  z
    .object({ is: z.literal('heartbeat'), run: Run, atMs: finite, waitingMs: z.record(StoreName, finite) })
    .describe('Once a second; waitingMs is how long the oldest fragment waits for each store'),
  z
    .object({ is: z.literal('armed'), run: Run, baseMs: finite })
    .describe('The pipeline runs and its clock is known; baseMs is CLOCK_MONOTONIC at its running time 0'),
  z
    .object({
      is: z.literal('started'),
      run: Run,
      track: Track,
      mediaMs: finite,
      waitedMs: finite,
      on: z.enum(['sample', 'key-frame']),
    })
    .describe('First sample of a track after its gate opened'),
  z
    .object({ is: z.literal('fragment'), run: Run, fragment: Fragment })
    .describe('A fragment is durable on the stores it names'),
  z
    .object({ is: z.literal('stored'), run: Run, track: Track, store: StoreName, upto: z.int().min(1) })
    .describe('A store has now confirmed a fragment that was reported without it'),
  z
    .object({
      is: z.literal('levels'),
      run: Run,
      levels: z.array(z.object({ track: Track, rmsDbfs: finite, peakDbfs: finite, voice: z.boolean() })).max(64),
    })
    .describe('Loudness of every microphone of the source over the last half second'),
  z
    .object({
      is: z.literal('signal'),
      run: Run,
      track: Track,
      what: z.enum(['silent', 'clipping', 'voice', 'black', 'frozen']),
      state: z.enum(['begun', 'ended']),
      reason: Reason,
    })
    .describe('Something about a track has begun or ended'),
  z
    .object({ is: z.literal('store-late'), run: Run, store: StoreName, waitingMs: finite })
    .describe('The oldest fragment waits too long for a store'),
  z
    .object({ is: z.literal('store-failed'), run: Run, store: StoreName, code: z.string().max(40), reason: Reason })
    .describe('A store was given up'),
  z
    .object({ is: z.literal('store-joined'), run: Run, store: StoreName })
    .describe('A store is written to from the next segment on'),
  z
    .object({ is: z.literal('closed'), run: Run, hearing: z.string().max(200), final: z.boolean() })
    .describe('Everything recorded so far is durable and reported'),
  z
    .object({
      is: z.literal('tried'),
      run: Run,
      trial: z.int(),
      whole: z.boolean().describe('false when it was stopped before its time'),
      fragments: z.array(Fragment).max(5_000),
      failures: z.array(z.object({ store: StoreName, reason: Reason })).max(10),
    })
    .describe('A trial recording has ended; `stores` of a fragment are those that confirmed it'),
  z.object({ is: z.literal('caught-up'), run: Run }).describe('All that was missed has been told'),
  z
    .object({ is: z.literal('dying'), run: Run, reason: Reason })
    .describe('Last words: the worker ends and wants a successor'),
])
export type FromWorker = z.output<typeof FromWorker>

export const ToWorker = z.discriminatedUnion('do', [
  z
    .object({
      do: z.literal('open'),
      hearing: z.string().min(1).max(200).describe('hearing id, the name of its folder in every store'),
      zeroMs: finite.describe('CLOCK_MONOTONIC at media time 0'),
      atMs: finite.describe('CLOCK_MONOTONIC of the press: earlier samples are not recorded'),
      utcMs: finite.describe('wall time at zeroMs'),
      stores: z
        .array(z.object({ name: StoreName, path: z.string().min(1) }))
        .min(1)
        .max(2),
      writeTo: z.array(StoreName).max(2).describe('stores to begin with; the others may be joined later'),
    })
    .describe('Record from the press on'),
  z
    .object({
      do: z.literal('close'),
      atMs: finite.describe('CLOCK_MONOTONIC of the press: later samples are not recorded'),
      final: z.boolean().describe('the hearing is over; otherwise it is off the record'),
    })
    .describe('Leave out what comes from the press on, and finish what was gathered'),
  z
    .object({
      do: z.literal('catch-up'),
      since: z.record(Track, z.int().min(0)).describe('last fragment known of each track, of this run'),
    })
    .describe('Tell what was recorded beyond these fragments'),
  z.object({ do: z.literal('join-store'), store: StoreName }).describe('Write to this store too'),
  z.object({ do: z.literal('leave-store'), store: StoreName, reason: Reason }).describe('Give up this store'),
  z
    .object({
      do: z.literal('try'),
      trial: z.int().describe('comes back with the answer'),
      seconds: z.number().min(1).max(30),
      stores: z
        .array(z.object({ name: StoreName, path: z.string().min(1) }))
        .min(1)
        .max(2),
    })
    .describe('Record for so long into the folder `.self-test` of each store. Refused in a hearing, ended by `open`'),
  z
    .object({
      do: z.literal('notice'),
      limits: Limits,
      labels: z.record(Track, z.string().max(80)).describe('what people call its tracks'),
    })
    .describe('From where on it tells of levels and pictures, and by which names. What it records stays the same'),
  z.object({ do: z.literal('stop-trial') }).describe('End a trial recording before its time'),
  z.object({ do: z.literal('end') }).describe('Finish, and end the process'),
])
export type ToWorker = z.output<typeof ToWorker>

/** Parses one line from a socket; throws FRAME_INVALID. */
export const parseFrame = <T>(schema: z.ZodType<T>, line: Buffer): T => {
  let json: unknown
  try {
    json = JSON.parse(line.toString('utf8'))
  } catch (cause) {
    throw new VerbatimError('FRAME_INVALID', 'not JSON', { cause })
  }
  const result = schema.safeParse(json)
  if (!result.success) throw new VerbatimError('FRAME_INVALID', describeIssues(result.error).slice(0, 5).join('; '))
  return result.data
}
