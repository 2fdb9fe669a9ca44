// deadline: 240 s
/**
 * Issue: real input, shown. A hearing from a real RTSP server and real speech: every second of every camera is there
 * once, files play alone and in a row, and every voice is on its own track and on no other.
 */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bestLag, correlation, envelope } from './stage/likeness.ts'
import { chain, fileInput, inFolder, listen, play, probe } from './stage/media.ts'
import { assertClosed, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { FRAMES_A_SECOND, ROOM_CAMERAS, ROOM_MICROPHONES, roomStory, SIZE } from './stage/room.ts'

/** Long enough for everybody to speak. */
const SECONDS = 22
const RATE = 8_000
const STEP = RATE / 100
/** R8, between microphones of one interface far stricter. */
const SAME_LAG = RATE / 500

roomStory('four network cameras and six voices', async (stage, courtroom) => {
  const hearing = await stage.rec()
  await stage.recorded(SECONDS)
  await stage.stop()
  const [check] = await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  const { mediaMs } = journal.of('hearing-closed')[0]!
  assertUnbroken(journal, [...ROOM_CAMERAS, ...ROOM_MICROPHONES])
  assertSpans(journal, [...ROOM_CAMERAS, ...ROOM_MICROPHONES], mediaMs)
  const begun = ROOM_MICROPHONES.map((microphone) => journal.fragments(microphone)[0]!.mediaMs)
  assert.is(new Set(begun).size, 1, `microphones of one interface begin with one sample, not at ${begun} ms`)
  const folder = join(stage.stores[1]!, hearing)
  const segments = (track: string) => {
    const fragments = journal.fragments(track)
    return inFolder(folder, [...new Set(fragments.map(({ file }) => file))])
  }
  const whole = (track: string) => chain(join(stage.dir, `${track}.txt`), segments(track))

  for (const camera of ROOM_CAMERAS) {
    const files = segments(camera)
    assert.ok(files.length >= 3, `${camera} has ${files.length} segments`)
    const frames = await Promise.all(
      files.map(async (file) => {
        await play(fileInput(file))
        const alone = await probe(fileInput(file))
        assert.equal([alone.codec, alone.width, alone.height], ['h264', SIZE.width, SIZE.height])
        return alone.times.length
      }),
    )
    const { times } = await probe(whole(camera))
    await play(whole(camera))
    assert.is(
      times.length,
      frames.reduce((a, b) => a + b),
      `${camera}: no frame is lost between segments`,
    )
    const wanted = (mediaMs / 1_000) * FRAMES_A_SECOND
    assert.ok(
      times.length <= wanted + 2 && times.length >= wanted - FRAMES_A_SECOND - 5,
      `${camera}: ${times.length} frames in ${mediaMs} ms`,
    )
    const widest = Math.max(...times.slice(1).map((time, i) => time - times[i]!))
    const narrowest = Math.min(...times.slice(1).map((time, i) => time - times[i]!))
    // A busy machine sends late; what would be lost is counted above.
    assert.ok(widest < 0.3 && narrowest > 0.001, `${camera}: frames ${narrowest} to ${widest} s apart`)
  }

  const { channels } = courtroom.speech
  const source = await Promise.all(channels.map((_, i) => listen(fileInput(courtroom.microphones), RATE, i)))
  const tracks = await Promise.all(channels.map(({ microphone }) => listen(whole(microphone), RATE)))
  for (const [i, { microphone }] of channels.entries()) {
    const seconds = tracks[i]!.length / RATE
    const told = check!.tracks.find(({ name }) => name === microphone)!.seconds
    assert.ok(Math.abs(seconds - told) < 0.1, `${microphone} plays ${seconds} s, the journal says ${told} s`)
  }

  const loudness = {
    tracks: tracks.map((sound) => envelope(sound, STEP)),
    source: source.map((sound) => envelope(sound, STEP)),
  }
  const coarse = bestLag(0, loudness.source[0]!.length, (lag) =>
    loudness.tracks.reduce((sum, track, i) => sum + correlation(track, loudness.source[i]!, lag), 0),
  )
  const length = source[0]!.length
  const around = coarse.lag * STEP
  const lags = tracks.map((track, i) =>
    bestLag(around - STEP * 2, around + STEP * 2, (lag) => correlation(track, source[i]!, (lag + length) % length)),
  )
  const fromS = around / RATE
  const speaking = channels.map(({ speaks }) =>
    secondsSpoken(speaks, fromS, fromS + tracks[0]!.length / RATE, length / RATE),
  )
  const first = speaking.findIndex((seconds) => seconds > 1)
  assert.ok(speaking.filter((seconds) => seconds > 1).length >= 4, `they spoke for ${speaking} s`)
  for (const [i, { microphone }] of channels.entries()) {
    // Of whoever said nothing meanwhile there is only noise.
    if (speaking[i]! > 1) {
      const own = lags[i]!
      const loud = correlation(loudness.tracks[i]!, loudness.source[i]!, coarse.lag)
      assert.ok(loud > 0.8, `${microphone} is loud when its speaker is: ${loud}`)
      assert.ok(own.value > 0.8, `${microphone} is like its speaker: ${own.value}`)
      assert.ok(
        Math.abs(own.lag - lags[first]!.lag) <= SAME_LAG,
        `${microphone}: ${own.lag - lags[first]!.lag} samples off`,
      )
    }
    for (const [k, other] of channels.entries()) {
      if (k === i || speaking[k]! < 1) continue
      const alike = correlation(tracks[i]!, source[k]!, (lags[first]!.lag + length) % length)
      assert.ok(Math.abs(alike) < 0.1, `${microphone} is like ${other.microphone}: ${alike}`)
    }
  }
  console.log(`      voices alike ${lags.map(({ value }) => value.toFixed(3)).join(' ')}, all others below 0.1`)
})

/** Of the loop's turns, how much falls between two places; the loop begins again at its end. */
const secondsSpoken = (turns: [number, number][], from: number, to: number, loop: number): number =>
  [0, loop].reduce(
    (sum, shift) =>
      sum + turns.reduce((all, [a, b]) => all + Math.max(0, Math.min(to, b + shift) - Math.max(from, a + shift)), 0),
    0,
  )

test.run()
