/**
 * How far the tracks lie apart: light and sound leave at the same instants of CLOCK_MONOTONIC, every two seconds, and
 * are found again in the recorded files.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RecorderConfig } from '../../../hardware/virtual/courtroom.ts'
import { checkHearing, folderOf } from '../unattended-hearing.ts'
import { startBeeps } from './beeps.ts'
import { FLASHING, PERIOD_MS, startFlashes } from './flashes.ts'
import { linesOf, zeroMsOf } from './hearing-lines.ts'
import { probeLight } from './light-probe.ts'
import { offsetTable, type TrackEvents } from './offset-table.ts'
import type { Bench, PartResult } from './part.ts'
import { eventsOf } from './recorded-events.ts'
import { dirsOf, runRecorder } from './recorder-run.ts'

const MICROPHONES = Array.from({ length: 6 }, (_, i) => `microphone-${i + 1}`)
const PROBED_KEY_FRAMES = 5

const configOf = (bench: Bench, store: string, urls: Record<string, string>, port: number): RecorderConfig => ({
  court: 'Bench',
  room: 'Bench',
  ...dirsOf(bench),
  stores: [{ name: 'store', path: store }],
  sources: [
    ...FLASHING.map((name) => ({ kind: 'rtsp' as const, name, url: urls[name]! })),
    {
      ...{ kind: 'rtp', name: 'microphones', address: '127.0.0.1', port, encoding: 'L16', channels: 6 },
      tracks: MICROPHONES.map((name, i) => ({ name, channel: i + 1 })),
    },
  ],
  hearing: { expectedHours: 0.1 },
})

/** How far each flash or beep lies behind the multiple of two seconds at which it left. */
const eventsByPeriod = (track: string, media: 'video' | 'audio', atMs: readonly number[]): TrackEvents => ({
  track,
  media,
  behindMs: new Map(
    atMs.map((ms) => {
      const period = Math.round(ms / PERIOD_MS)
      return [period, ms - period * PERIOD_MS]
    }),
  ),
})

export const measureOffset = async (bench: Bench): Promise<PartResult> => {
  const store = join(bench.home, 'store-1')
  bench.atEnd(() => {
    for (const dir of [store, join(bench.home, 'flashes')]) rmSync(dir, { recursive: true, force: true })
  })
  const server = await startFlashes(bench)
  bench.say('offset: how late the light leaves')
  const lightLateMs = (
    await Promise.all(Object.values(server.urls).map((url) => probeLight(url, PROBED_KEY_FRAMES)))
  ).flat()
  const beeps = await startBeeps(bench)
  const recorder = await runRecorder(bench, configOf(bench, store, server.urls, beeps.port))
  await recorder.untilLive()
  bench.say(`offset: recording ${bench.options.seconds} s`)
  const id = await recorder.press('rec')
  await delay(bench.options.seconds * 1_000)
  await recorder.press('stop')
  await recorder.untilClosed()
  await recorder.stop()
  const sound = await beeps.stop()
  const hearing = folderOf(store, id)
  await checkHearing(hearing)
  const zeroMs = zeroMsOf(linesOf(hearing))
  const tracks: TrackEvents[] = []
  for (const track of FLASHING)
    tracks.push(eventsByPeriod(track, 'video', await eventsOf(hearing, track, 'video', zeroMs)))
  for (const track of MICROPHONES)
    tracks.push(eventsByPeriod(track, 'audio', await eventsOf(hearing, track, 'audio', zeroMs)))
  return offsetTable(tracks, lightLateMs, sound)
}
