/**
 * PROGRAM. One source, a camera or an audio interface with its microphones: pipeline -> fragments -> two disks.
 * It outlives the recorder: without a listener it goes on recording, and only an idle worker that nobody has spoken to
 * for a minute ends.
 *
 *   node capture.js ORDER.json
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { messageOf } from './base/error.ts'
import { logger } from './base/log.ts'
import { monotonicMs } from './base/monotonic.ts'
import { type Reason, reason } from './base/reason.ts'
import { useOrderedDevice } from './capture/alsa-order.ts'
import { BaseTime } from './capture/base-time.ts'
import type { BusWord } from './capture/bus.ts'
import { type Encoder, launchLine } from './capture/launch.ts'
import { Pipeline } from './capture/pipeline.ts'
import { Recording } from './capture/recording.ts'
import { ReportLog } from './capture/report-log.ts'
import { SamplePipe } from './capture/sample-pipe.ts'
import { lookAgainMs, PictureSignals, SoundSignals } from './capture/signals.ts'
import { writeSpeech } from './capture/speech.ts'
import { Trial, type Try } from './capture/trial.ts'
import { WorkerSocket } from './capture/worker-socket.ts'
import { type Codec, codecFromCaps } from './media/codec.ts'
import { GdpReader } from './media/gdp.ts'
import type { FromWorker, ToWorker } from './wire/capture.ts'
import { tracksOf } from './wire/config.ts'
import { WorkerOrder, workerFiles } from './wire/worker-order.ts'

/** What a power cut takes at most, beside the write that was under way. */
const FRAGMENT_MS = 480
const READ_EVERY_MS = 120
const READ_SOON_MS = 4
const HEARTBEAT_MS = 1_000
/** Samples of the last moment need so long to come through pipeline and FIFO. */
const DRAIN_MS = 300
const LONELY_MS = 60_000
/** Where pictures refer to later ones a decoder shows a key frame only after the next: those are not kept from it. */
const HELD_BACK_MS = 400
/** A device that is not there fails before the bus can say so: then not even the metronome is heard. */
const PLAYS_WITHIN_MS = 8_000
/** Last words need so long to be heard; longer when the recorder, which knocks every 100 ms, has not come in yet. */
const SAY_MS = 100
const BE_FOUND_MS = 500
/** A dying worker waits no longer for a disk. */
const LAST_WRITE_MS = 2_000

const order = WorkerOrder.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')))
const { source, run } = order
const files = workerFiles(order.runtimeDir, source.name)
const log = logger('capture', { source: source.name, run })
writeFileSync(files.pid, String(process.pid))
const tracks = tracksOf(source)

/** What the device itself and its jitter buffer hold back. */
const LAG_MS = source.delayMs + ('latencyMs' in source ? source.latencyMs : 0)

/** The binding hangs in process.exit(): a worker ends like this, after its last durable write. */
const endNow = (): never => process.kill(process.pid, 'SIGKILL') as never

const encoder = (): Encoder => {
  const has = (element: string) => {
    try {
      execFileSync('gst-inspect-1.0', ['--exists', element])
      return true
    } catch {
      return false
    }
  }
  if (existsSync('/dev/dri/renderD128') && has('vah264enc')) return 'vah264enc'
  return has('v4l2h264enc') ? 'v4l2h264enc' : 'x264enc'
}

const reports = new ReportLog()
/** Signals that have begun and not ended, for a recorder that comes later. */
const running = new Map<string, FromWorker>()
const say = (message: FromWorker): void => {
  if (message.is === 'fragment') reports.keep(message.fragment)
  if (message.is === 'signal') {
    if (message.state === 'begun') running.set(`${message.track} ${message.what}`, message)
    else running.delete(`${message.track} ${message.what}`)
  }
  socket.say(message)
}

const about = {
  source: source.name,
  run,
  tracks,
  fragmentMs: FRAGMENT_MS,
  segmentMs: order.segmentSeconds * 1_000,
  stagger: order.stagger,
}
const recording = new Recording({ ...about, say: (message) => say(message) })
/** Runs only while no hearing is open. */
let trial: Trial | null = null

// -- the pipeline -----------------------------------------------------------------------------------------------------

const pipes = new Map(tracks.map(({ name }) => [name, new SamplePipe(`${order.runtimeDir}/${name}.fifo`)]))
const readers = new Map(tracks.map(({ name }) => [name, new GdpReader()]))
const baseTime = new BaseTime()
let armed = false
let seen = false
let ending = false
let lastWords: FromWorker | null = null

if (source.kind === 'alsa')
  useOrderedDevice(`${order.runtimeDir}/${source.name}.asoundrc`, source.device, source.channels)
const speechFile = `${order.runtimeDir}/${source.name}.wav`
if (source.kind === 'test' && source.media === 'audio' && source.pattern === 'speech')
  writeSpeech(
    speechFile,
    tracks.map(({ label }) => label),
  )

const makesOwnVideo =
  (source.kind === 'v4l2' && source.format !== 'h264') || (source.kind === 'test' && source.media === 'video')
const plays =
  source.kind === 'file' || (source.kind === 'test' && source.media === 'audio' && source.pattern === 'speech')

const pipeline = new Pipeline(
  launchLine({
    source,
    fds: Object.fromEntries([...pipes].map(([name, pipe]) => [name, pipe.writeFd])),
    stalledMs: order.limits.stalledSeconds * 1_000,
    encoder: makesOwnVideo ? encoder() : 'x264enc',
    speechFile,
  }),
  tracks.map(({ name }) => name),
  plays,
)

let { limits } = order
const sounds = new Map(tracks.map(({ name, label }) => [name, new SoundSignals(label, limits)]))
const pictures = new PictureSignals(tracks[0]!.label, limits)
const voices = new Map<string, boolean>()

const hear = (word: BusWord): void => {
  switch (word.is) {
    case 'metronome':
      clearTimeout(notPlaying)
      baseTime.hear(word.runningMs, monotonicMs())
      return arm()
    case 'levels':
      seen = true
      return hearLevels(word.channels)
    case 'voice':
      voices.set(word.track, word.present)
      return say({
        is: 'signal',
        run,
        track: word.track,
        what: 'voice',
        state: word.present ? 'begun' : 'ended',
        reason: reason(word.present ? 'Somebody speaks.' : 'Nobody speaks.'),
      })
    case 'picture':
      seen = true
      return look(word)
    case 'ended':
      return void die(reason('It stopped delivering.', 'end of stream'))
    case 'failed':
      return void die(word.reason)
  }
}

const hearLevels = (channels: { rmsDbfs: number; peakDbfs: number }[]): void => {
  const levels = tracks.flatMap(({ name: track, channel }) => {
    const level = channels[channel - 1]
    return level ? [{ track, ...level, voice: voices.get(track) ?? false }] : []
  })
  say({ is: 'levels', run, levels })
  for (const { track, rmsDbfs, peakDbfs } of levels)
    for (const change of sounds.get(track)?.level(rmsDbfs, peakDbfs, monotonicMs()) ?? [])
      say({ is: 'signal', run, track, ...change })
}

const look = ({ runningMs, luma, variance }: Extract<BusWord, { is: 'picture' }>): void => {
  const atMs = monotonicMs()
  const takenMs = baseTime.isSettled ? baseTime.ms + runningMs - source.delayMs : atMs
  if (baseTime.isSettled && atMs - takenMs < LAG_MS + HELD_BACK_MS) pipeline.rest(lookAgainMs(limits))
  for (const change of pictures.look({ luma, variance, takenMs, atMs }))
    say({ is: 'signal', run, track: source.name, ...change })
}

/** Armed: the clock is known and something has arrived; REC will only have to open a valve. */
const arm = (): void => {
  if (armed || !seen || !baseTime.isSettled) return
  armed = true
  log.info({ baseMs: baseTime.ms }, 'armed')
  say({ is: 'armed', run, baseMs: baseTime.ms })
}

/** True when more waits than one read could bring. */
const readPipes = (): boolean => {
  let busy = false
  for (const [track, pipe] of pipes) {
    const read = pipe.read()
    busy ||= read.busy
    if (read.bytes.length) take(track, read.bytes)
  }
  return busy
}

const keepReading = (): void => {
  const busy = readPipes()
  recording.watch()
  trial?.watch()
  if (!ending) setTimeout(keepReading, busy ? READ_SOON_MS : READ_EVERY_MS)
}

const take = (track: string, bytes: Uint8Array): void => {
  for (const item of readers.get(track)?.push(bytes) ?? []) {
    if (item.is === 'caps') {
      if (/^(video|audio)\//.test(item.text)) describe(track, codecFromCaps(item.text))
    } else if (Number.isNaN(item.ptsNs)) tellTimeless(track)
    else if (!(item.header && 'tracks' in source)) {
      const monoMs = baseTime.ms + item.ptsNs / 1e6 - source.delayMs
      const sample = { monoMs, durationNs: item.durationNs, key: item.key, data: item.data }
      recording.push(track, sample)
      trial?.push(track, sample)
    }
  }
}

const codecs = new Map<string, Codec>()
const describe = (track: string, codec: Codec): void => {
  codecs.set(track, codec)
  recording.describe(track, codec)
  trial?.describe(track, codec)
}

/** Headers carry no time; anything else without one has no place in a hearing, and somebody should look at the source. */
const timeless = new Set<string>()
const tellTimeless = (track: string): void => {
  if (!recording.hearing || timeless.has(track)) return
  timeless.add(track)
  log.warn({ track }, 'samples without a time stamp are left out')
}

// -- orders -----------------------------------------------------------------------------------------------------------

/** Orders that wait for samples or disks are carried out one after the other. */
let orders: Promise<void> = Promise.resolve()
const inTurn = (task: () => Promise<void> | void): void => {
  orders = orders.then(task).catch((fault: unknown) => die(reason('It had an internal fault.', messageOf(fault))))
}

const obey = (request: ToWorker): void => {
  switch (request.do) {
    case 'open':
      trial?.stop()
      return inTurn(async () => {
        if (recording.hearing && recording.hearing !== request.hearing) await close(monotonicMs(), true)
        recording.open(request, pipeline.openValves())
        if (makesOwnVideo) pipeline.askForKeyFrame()
        if (!catchingUp) socket.catchUp([])
      })
    case 'close':
      return inTurn(() => close(request.atMs, request.final))
    case 'catch-up':
      return catchUp(request.since)
    case 'join-store':
      return recording.joinStore(request.store)
    case 'leave-store':
      return recording.leaveStore(request.store, request.reason)
    case 'try':
      return void tryOut(request)
    case 'notice':
      return notice(request)
    case 'stop-trial':
      return trial?.stop()
    case 'end':
      return void end()
  }
}

/** Nothing that is recorded depends on it. */
const notice = (asked: Extract<ToWorker, { do: 'notice' }>): void => {
  limits = asked.limits
  for (const [name, signals] of sounds) signals.judgeBy(asked.labels[name] ?? name, limits)
  pictures.judgeBy(asked.labels[source.name] ?? source.name, limits)
}

/** Reading an index on a slow disk takes a while; a press does not wait for it. */
let catchingUp: Promise<void> | null = null
const catchUp = (since: Record<string, number>): void => {
  const { opened } = recording
  const missed = opened ? reports.after(since, run, source.name, opened) : Promise.resolve([])
  const told = Promise.all([missed, catchingUp]).then(([reported]) => {
    socket.catchUp(reported)
    say({ is: 'caught-up', run })
    if (catchingUp === told) catchingUp = null
  })
  catchingUp = told
}

const close = async (atMs: number, final: boolean): Promise<void> => {
  const hearing = recording.hearing
  if (!hearing) return
  recording.closeAt(atMs)
  await sleep(DRAIN_MS + LAG_MS - Math.max(0, monotonicMs() - atMs))
  pipeline.closeValves()
  await sleep(READ_EVERY_MS)
  await recording.finish(final)
  await catchingUp
  say({ is: 'closed', run, hearing, final })
  if (final) reports.clear()
}

/** Not one of the orders that wait for each other: a press must not wait for it. */
const tryOut = async (asked: Try): Promise<void> => {
  if (recording.hearing || trial || ending) {
    const failures = [{ store: '-', reason: reason('It records already.', recording.hearing ?? 'another trial') }]
    return say({ is: 'tried', run, trial: asked.trial, whole: false, fragments: [], failures })
  }
  const own = new Trial(about, asked)
  trial = own
  own.begin(monotonicMs(), Date.now(), codecs)
  pipeline.openValves()
  if (makesOwnVideo) pipeline.askForKeyFrame()
  for (const untilMs = monotonicMs() + asked.seconds * 1_000; monotonicMs() < untilMs && !own.isStopped; )
    await sleep(READ_EVERY_MS)
  own.closeAt(monotonicMs())
  if (!own.isStopped) await sleep(DRAIN_MS + LAG_MS)
  // The valves are the hearing's when one has begun.
  if (!recording.hearing) pipeline.closeValves()
  const tried = await own.finish()
  trial = null
  say(tried)
}

const end = async (): Promise<void> => {
  await orders
  await close(monotonicMs(), true)
  log.info('ended')
  endNow()
}

const lastWrite = async (): Promise<void> => {
  readPipes()
  await recording.finish(false)
}

/** What was gathered is saved first; then the successor has its turn. */
const die = async (why: Reason): Promise<void> => {
  if (ending) return
  ending = true
  log.error(why, 'dying')
  await Promise.race([lastWrite().catch(() => {}), sleep(LAST_WRITE_MS)])
  lastWords = { is: 'dying', run, reason: why }
  say(lastWords)
  setTimeout(endNow, socket.listeners ? SAY_MS : BE_FOUND_MS)
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

// -- the loop ---------------------------------------------------------------------------------------------------------

const socket = new WorkerSocket({
  path: files.socket,
  hello: () => [
    {
      is: 'hello',
      source: source.name,
      run,
      pid: process.pid,
      hearing: recording.hearing,
      gate: recording.gate,
      armed,
      stores: recording.stores,
      takesNotice: true,
    },
    ...running.values(),
    ...(lastWords ? [lastWords] : []),
  ],
  mustCatchUp: () => recording.hearing !== null,
  hear: obey,
  complain: (text) => log.warn(text),
})

process.on('uncaughtException', (fault) => void die(reason('It had an internal fault.', `${fault.stack ?? fault}`)))
process.on('unhandledRejection', (fault) => void die(reason('It had an internal fault.', messageOf(fault))))
process.on('SIGTERM', () => void end())
process.on('SIGINT', () => {})

let lonelySinceMs = monotonicMs()
setInterval(() => {
  say({ is: 'heartbeat', run, atMs: monotonicMs(), waitingMs: recording.waitingMs() })
  if (socket.listeners || recording.hearing) lonelySinceMs = monotonicMs()
  else if (monotonicMs() - lonelySinceMs > LONELY_MS) void end()
}, HEARTBEAT_MS)

const notThere = (engineer: string) =>
  void die(reason('it cannot be opened (look at its cable, and at its place in the configuration)', engineer))
const notPlaying = setTimeout(() => notThere(`the pipeline did not play within ${PLAYS_WITHIN_MS} ms`), PLAYS_WITHIN_MS)
if (source.kind === 'v4l2' && !existsSync(source.device)) notThere(`${source.device} does not exist`)
pipeline.play(hear)
setTimeout(keepReading, READ_EVERY_MS)
log.info({ kind: source.kind }, 'started')
