/** Speech for the `test` source: espeak-ng says each microphone's name on its own channel, in turn, and again. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/** What espeak-ng delivers. */
const RATE = 22_050
const WAV_HEADER_BYTES = 44

const say = (text: string, pitch: number): Buffer =>
  execFileSync('espeak-ng', ['--stdout', '-v', 'en', '-p', String(pitch), text], { maxBuffer: 64 << 20 }).subarray(
    WAV_HEADER_BYTES,
  )

/** RIFF/WAVE with 16-bit samples. */
const wavHeader = (dataBytes: number, channels: number): Buffer => {
  const header = Buffer.alloc(WAV_HEADER_BYTES)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + dataBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(RATE * channels * 2, 28)
  header.writeUInt16LE(channels * 2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(dataBytes, 40)
  return header
}

/** Writes a WAV file with one channel for each label, spoken one after the other. */
export const writeSpeech = (path: string, labels: readonly string[]): void => {
  const words = labels.map((label, i) => say(`This is the microphone of ${label}.`, 20 + ((i * 13) % 70)))
  const frames = words.reduce((sum, word) => sum + word.length / 2, 0)
  const data = Buffer.alloc(frames * labels.length * 2)
  let frame = 0
  words.forEach((word, channel) => {
    for (let i = 0; i < word.length / 2; i++, frame++)
      data.writeInt16LE(word.readInt16LE(i * 2), (frame * labels.length + channel) * 2)
  })
  writeFileSync(path, Buffer.concat([wavHeader(data.length, labels.length), data]))
}
