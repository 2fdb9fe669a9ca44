import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hoursForecast, hoursLeft, hoursOf } from '../../controller/core/forecast.ts'
import { bytesPerSecondOf, planOf } from '../../controller/core/plan.ts'
import { parseConfig } from '../../controller/wire/config.ts'
import { hours, readyRoom } from './room.ts'

const CONFIG = {
  court: 'District court',
  room: 'Courtroom 3',
  runtimeDir: '/run/verbatim',
  stateDir: '/var/lib/verbatim',
  stores: [
    { name: 'main', path: '/disks/main' },
    { name: 'mirror', path: '/disks/mirror' },
  ],
  sources: [
    { kind: 'rtsp', name: 'judge', url: 'rtsp://camera/1' },
    { kind: 'test', media: 'video', name: 'dock', bitrateKbps: 800, required: false },
    { kind: 'file', media: 'video', name: 'hall', path: '/clips/hall.mp4' },
    {
      kind: 'alsa',
      name: 'mics',
      device: 'hw:0',
      channels: 2,
      tracks: [
        { name: 'bench', channel: 1 },
        { name: 'witness', channel: 2 },
      ],
    },
    { kind: 'test', media: 'audio', name: 'proof', codec: 'flac', tracks: [{ name: 'clerk', channel: 1 }] },
  ],
}

test('the plan holds what the core needs of a configuration', () => {
  const config = parseConfig(CONFIG)
  assert.equal(config.sources.map(bytesPerSecondOf), [375_000, 100_000, 375_000, 16_000, 86_400])
  const plan = planOf(config)
  assert.is(plan.bytesPerSecond, 952_400)
  assert.equal(
    plan.tracks.map((track) => track.name),
    ['judge', 'dock', 'hall', 'bench', 'witness', 'clerk'],
  )
  assert.equal(plan.sources[1], { name: 'dock', required: false })
  assert.equal([plan.resumeWithinMs, plan.stalledMs, plan.expectedHours], [3_600_000, 3_000, 4])
})

test('hours left', () => {
  assert.is(hoursOf(3_600_000_000, 1_000_000), 1)
  assert.is(hoursOf(-1, 1_000_000), 0)
  assert.is(hoursLeft({ is: 'unknown', sinceMs: 0 }, 1), null)
  const room = readyRoom()
  room.probe('mirror', true, hours(3))
  assert.is(hoursForecast(room.state), 10)
  room.probe('main', false)
  assert.is(hoursForecast(room.state), 3)
  room.probe('mirror', false)
  assert.is(hoursForecast(room.state), null)
})

test.run()
