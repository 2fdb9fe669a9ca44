/** One courtroom for everybody who is measured: the same cameras on the same server, the same sound file. */
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Courtroom, startCourtroom } from '../../../hardware/virtual/courtroom.ts'
import type { Bench } from './part.ts'

export interface CostInputs {
  courtroom: Courtroom
  urls: readonly string[]
  /** Six channels, long enough that nobody needs to loop: not every peer can. */
  sound: string
  channels: number
}

const HEADER_BYTES = 68

/** Repeats the speech until it lasts `seconds`. */
const lengthen = async (source: string, seconds: number, bytesPerSecond: number, target: string): Promise<void> => {
  const whole = await readFile(source)
  const header = Buffer.from(whole.subarray(0, HEADER_BYTES))
  const data = whole.subarray(HEADER_BYTES)
  const times = Math.ceil((seconds * bytesPerSecond) / data.length)
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length * times, 4)
  header.writeUInt32LE(data.length * times, HEADER_BYTES - 4)
  const file: FileHandle = await open(target, 'w')
  await file.appendFile(header)
  for (let i = 0; i < times; i++) await file.appendFile(data)
  await file.close()
}

export const openCostInputs = async (bench: Bench, seconds: number): Promise<CostInputs> => {
  const courtroom = await startCourtroom({ cacheDir: bench.cacheDir, progress: bench.say })
  bench.atEnd(() => courtroom.stop())
  const channels = courtroom.speech.channels.length
  const sound = join(bench.home, 'microphones.wav')
  await lengthen(courtroom.microphones, seconds, 48_000 * 2 * channels, sound)
  return { courtroom, urls: Object.values(courtroom.urls), sound, channels }
}
