import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualMicrophones } from '../../../hardware/virtual/room/microphones.ts'
import type { Speech } from '../../../hardware/virtual/speech.ts'
import { HEADER_BYTES, RATE, waveFile } from '../../../hardware/virtual/wave.ts'

const NAMES = ['judge-mic', 'witness-mic', 'clerk-mic']
/** More than one second, and no whole number of them. */
const FRAMES = Math.round(RATE * 1.7)
const dir = mkdtempSync(join(tmpdir(), 'verbatim-microphones-'))
const original = join(dir, 'original.wav')
const sound = NAMES.map((_, c) => new Int16Array(FRAMES).map((_, i) => ((i * (c + 3)) % 2_000) + 1))
const speech: Speech = {
  file: 'original.wav',
  seconds: FRAMES / RATE,
  channels: NAMES.map((microphone, i) => ({
    ...{ channel: i + 1, microphone, speaker: microphone, language: 'en' as const, speaks: [] },
  })),
}

let room: VirtualMicrophones
test.before(async () => {
  writeFileSync(original, waveFile(sound))
  room = await VirtualMicrophones.open(original, speech, join(dir, 'room.wav'))
})
test.after(() => rmSync(dir, { recursive: true }))

/** The channels of the room's file that are silent, after a look that all others are as they were. */
const silent = (): string[] => {
  const file = readFileSync(room.path)
  assert.is(file.length, HEADER_BYTES + FRAMES * NAMES.length * 2)
  return NAMES.filter((name, c) => {
    const samples = new Int16Array(FRAMES).map((_, i) => file.readInt16LE(HEADER_BYTES + (i * NAMES.length + c) * 2))
    const isSilent = samples.every((sample) => sample === 0)
    assert.ok(isSilent || Buffer.compare(Buffer.from(samples.buffer), Buffer.from(sound[c]!.buffer)) === 0, name)
    return isSilent
  })
}

test('a microphone that is switched off is silent, alone, to the last sample', async () => {
  assert.equal(silent(), [])
  await room.turn('witness-mic', false)
  assert.equal(silent(), ['witness-mic'])
  await room.turn('clerk-mic', false)
  assert.equal(silent(), ['witness-mic', 'clerk-mic'])
  await room.turn('witness-mic', true)
  assert.equal(silent(), ['clerk-mic'])
})

test('an interface without its cable gives nothing, and then what its switches say', async () => {
  await room.plug(false)
  assert.is(readFileSync(room.path).length, 0)
  await room.turn('judge-mic', false)
  await room.turn('clerk-mic', true)
  assert.is(readFileSync(room.path).length, 0)
  await room.plug(true)
  assert.equal(silent(), ['judge-mic'])
  await room.turn('judge-mic', true)
  assert.is(Buffer.compare(readFileSync(room.path), readFileSync(original)), 0)
})

test.run()
