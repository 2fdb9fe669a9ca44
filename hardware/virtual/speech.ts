/** Six microphones that speak: each channel carries its own speaker and nothing of the others. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'
import { SPEAKERS, type Speaker, TURNS } from './voices.ts'
import { RATE, waveFile } from './wave.ts'

export interface SpokenChannel {
  /** Channel of the file, counted from 1. */
  channel: number
  microphone: string
  speaker: string
  language: Speaker['language']
  /** When it speaks, as [fromSeconds, toSeconds] of the file. */
  speaks: [number, number][]
}

export interface Speech {
  file: string
  seconds: number
  channels: SpokenChannel[]
}

const PEAK = 16_000
/** Quieter than this is the silence espeak-ng leaves around a sentence. */
const EDGE = 300

const trimmed = (samples: Int16Array): Int16Array => {
  const first = samples.findIndex((sample) => Math.abs(sample) > EDGE)
  const last = samples.findLastIndex((sample) => Math.abs(sample) > EDGE)
  return first < 0 ? new Int16Array() : samples.slice(first, last + 1)
}

const spoken = async (speaker: Speaker, text: string, file: string): Promise<Int16Array> => {
  await run('espeak-ng', [
    ...['-v', speaker.voice, '-p', String(speaker.pitch), '-s', String(speaker.wordsAMinute)],
    ...['-w', file, '--', text],
  ])
  const raw = await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 's16le', '-ac', '1', '-ar', String(RATE), '-'])
  const samples = trimmed(new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~1))))
  if (samples.length < RATE / 2) throw new Error(`espeak-ng said nothing with the voice ${speaker.voice}`)
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1)
  return samples.map((sample) => Math.round((sample * PEAK) / loudest))
}

/** About -90 dBFS: a real microphone is never digitally silent. The same noise every time. */
const noiseFloor = (frames: number, seed: number): Int16Array => {
  let state = seed
  return new Int16Array(frames).map(() => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    return (state >> 16) % 3 ? 0 : (state >> 20) & 1 ? 1 : -1
  })
}

/** Writes `microphones.wav` and `microphones.json` into `dir`. */
export const recordSpeech = async (dir: string, scratch: string): Promise<Speech> => {
  const said: { channel: number; start: number; samples: Int16Array }[] = []
  let end = 0
  for (const turn of TURNS) {
    const channel = SPEAKERS.findIndex((speaker) => speaker.microphone === turn.microphone)
    const samples = await spoken(SPEAKERS[channel]!, turn.text, join(scratch, 'sentence.wav'))
    const start = Math.max(0, end + Math.round(turn.after * RATE))
    said.push({ channel, start, samples })
    end = Math.max(end, start + samples.length)
  }
  const seconds = Math.max(60, Math.ceil(end / RATE + 0.5))
  const channels = SPEAKERS.map((_, c) => noiseFloor(seconds * RATE, c + 1))
  for (const { channel, start, samples } of said) channels[channel]!.set(samples, start)
  const speech: Speech = {
    file: 'microphones.wav',
    seconds,
    channels: SPEAKERS.map(({ microphone, speaker, language }, c) => ({
      channel: c + 1,
      microphone,
      speaker,
      language,
      speaks: said
        .filter((one) => one.channel === c)
        .map((one): [number, number] => [one.start / RATE, (one.start + one.samples.length) / RATE])
        .map(([from, to]): [number, number] => [Math.round(from * 1e3) / 1e3, Math.round(to * 1e3) / 1e3]),
    })),
  }
  await writeFile(join(dir, speech.file), waveFile(channels))
  await writeFile(join(dir, 'microphones.json'), `${JSON.stringify(speech, null, 2)}\n`)
  return speech
}
