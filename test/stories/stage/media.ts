/** What FFmpeg makes of recorded files: segments alone, and one after the other. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../../hardware/virtual/run.ts'

export interface Probed {
  codec: string
  width: number
  height: number
  /** Presentation times in seconds, in order. */
  times: number[]
}

const QUIET = ['-v', 'error']

/** Input words for segments one after the other. */
export const chain = (listFile: string, files: readonly string[]): string[] => {
  writeFileSync(listFile, files.map((file) => `file '${file}'\n`).join(''))
  return ['-f', 'concat', '-safe', '0', '-i', listFile]
}

export const probe = async (input: readonly string[]): Promise<Probed> => {
  const show = ['-show_entries', 'stream=codec_name,width,height:packet=pts_time', '-of', 'json']
  const said = JSON.parse((await run('ffprobe', [...QUIET, ...show, ...input])).toString())
  const [stream] = said.streams
  const times = (said.packets as { pts_time: string }[]).map(({ pts_time }) => Number(pts_time)).sort((a, b) => a - b)
  return { codec: stream.codec_name, width: stream.width, height: stream.height, times }
}

/** Decodes to the end; throws with what FFmpeg complains of. */
export const play = async (input: readonly string[]): Promise<void> => {
  await run('ffmpeg', [...QUIET, '-xerror', ...input, '-f', 'null', '-'])
}

/** Sound as floating samples of one channel. */
export const listen = async (input: readonly string[], rate: number, channel = 0): Promise<Float32Array> => {
  const filter = ['-af', `pan=mono|c0=c${channel}`, '-ar', String(rate), '-f', 'f32le', '-']
  const raw = await run('ffmpeg', [...QUIET, ...input, ...filter])
  return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~3)))
}

export const fileInput = (file: string): string[] => ['-i', file]

export const inFolder = (folder: string, files: readonly string[]): string[] => files.map((file) => join(folder, file))
