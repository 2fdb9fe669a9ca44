import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DiskTrial, diskResult, type TrackTrial, trackResult } from '../../controller/recorder/trial-results.ts'
import { Limits } from '../../controller/wire/config.ts'

const picture = { frames: 75, brightest: 200, peakDbfs: null, complaint: '' }
const sound = { frames: 150, brightest: null, peakDbfs: -20, complaint: '' }
const fragments = Array.from({ length: 6 }, () => ({ durationMs: 480, stores: ['main'] }))

const tracked = (media: 'video' | 'audio', more: Partial<TrackTrial> = {}) => {
  const track = { name: 'one', label: 'One', media, source: 'one', channel: 0 }
  const decoded = media === 'video' ? picture : sound
  const given = { track, isLive: true, fragments, decoded, seconds: 3, limits: Limits.parse({}), ...more }
  const { what, ok, warning, detail, toDo } = trackResult(given)
  assert.is(what, media === 'video' ? 'camera one' : 'microphone one')
  if (!ok || warning) assert.match(toDo ?? '', /\.$|\?/, detail)
  return `${ok ? (warning ? 'look' : 'pass') : 'FAIL'} ${detail}`
}

test('a camera: passes, or each thing that may be wrong with it', () => {
  assert.is(tracked('video'), 'pass 2.9 s of 3 s, 75 pictures, brightest point 200 of 255')
  assert.is(tracked('video', { isLive: false }), 'FAIL it delivers nothing')
  assert.is(tracked('video', { fragments: [] }), 'FAIL nothing of it came to a disk')
  assert.is(tracked('video', { fragments: fragments.slice(0, 2) }), 'FAIL only 1.0 s of 3 s recorded')
  assert.match(tracked('video', { decoded: null }), 'FAIL 2.9 s of 3 s, and cannot be decoded: nothing came out')
  assert.match(tracked('video', { decoded: { ...picture, frames: 0, complaint: 'no moov' } }), 'decoded: no moov')
  assert.match(
    tracked('video', { decoded: { ...picture, brightest: 47 } }),
    /^FAIL .* black: its brightest point is 47/,
  )
  assert.match(tracked('video', { decoded: { ...picture, brightest: 48 } }), /^pass/)
})

test('a microphone: silence is something to look at, for nobody may be in the room', () => {
  assert.is(tracked('audio'), 'pass 2.9 s of 3 s, loudest moment -20 dB')
  assert.match(tracked('audio', { decoded: { ...sound, peakDbfs: -46 } }), /^look .* loudest moment -46 dB/)
  assert.match(tracked('audio', { decoded: { ...sound, peakDbfs: Number.NEGATIVE_INFINITY } }), /^look .* silence/)
  assert.match(tracked('audio', { decoded: { ...sound, frames: 0 } }), /^FAIL/)
})

const disk = (more: Partial<DiskTrial> = {}): string => {
  const confirmed = [{ bytes: 10 }, { bytes: 20 }]
  const { ok, detail } = diskResult({
    store: 'main',
    isUsed: true,
    confirmed,
    recorded: 2,
    failures: [],
    wrong: [],
    ...more,
  })
  return `${ok ? 'pass' : 'FAIL'} ${detail}`
}

test('a disk: what was confirmed is there and equal', () => {
  assert.is(disk(), 'pass 2 fragments, 30 bytes, read back and equal')
  assert.is(disk({ isUsed: false }), 'FAIL it cannot be written to')
  assert.is(disk({ failures: [{ reason: { engineer: 'ENOSPC' } }] }), 'FAIL ENOSPC')
  assert.is(disk({ recorded: 0, confirmed: [] }), 'FAIL no source recorded anything')
  assert.is(disk({ recorded: 3 }), 'FAIL only 2 of 3 fragments came to it')
  assert.match(
    disk({ wrong: ['a.mp4 bytes 0 to 9: not what was written'] }),
    'FAIL 1 fragments differ when read back: a.mp4',
  )
})

test.run()
