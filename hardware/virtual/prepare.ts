/** Prepares the virtual courtroom's pictures and voices once; later calls find them ready. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeAside, removeLeftOvers } from './left-overs.ts'
import { CAMERAS, type CameraPicture, type Codec, encodePicture, picturePipeline, type Size } from './pictures.ts'
import { recordSpeech, type Speech } from './speech.ts'
import { SPEAKERS, TURNS } from './voices.ts'

export interface PrepareOptions {
  /** Prepared inputs are kept here, a folder for each settings. */
  cacheDir: string
  size?: Size
  /** Length of the cameras' loop. */
  seconds?: number
  /** Codec of a camera; H.264 when not named. */
  codecs?: Readonly<Record<string, Codec>>
  progress?: (line: string) => void
}

export interface Prepared {
  dir: string
  /** `microphones.wav`, six channels. */
  microphones: string
  speech: Speech
}

/** Raise it when the making of files changes in a way the settings do not show. */
const FORMAT = 1
const SIZE: Size = { width: 1280, height: 720 }

export const prepare = async (options: PrepareOptions): Promise<Prepared> => {
  const { cacheDir, size = SIZE, seconds = 60, codecs = {}, progress = () => {} } = options
  const codecOf = (camera: CameraPicture): Codec => codecs[camera.name] ?? 'h264'
  const pipelines = CAMERAS.map((camera) => picturePipeline(camera, size, seconds, codecOf(camera)))
  const settings = JSON.stringify([FORMAT, pipelines, SPEAKERS, TURNS])
  const dir = join(cacheDir, createHash('sha256').update(settings).digest('hex').slice(0, 16))
  await mkdir(cacheDir, { recursive: true })
  await removeLeftOvers(cacheDir)
  if (!existsSync(dir)) {
    const aside = await makeAside(dir)
    const scratch = await makeAside(dir)
    try {
      const steps = CAMERAS.length + 1
      progress(`preparing once: six voices (1/${steps})`)
      const voices = recordSpeech(aside, scratch)
      for (const [i, camera] of CAMERAS.entries()) {
        progress(`preparing once: ${camera.name}, ${seconds} s of ${size.width}x${size.height} (${i + 2}/${steps})`)
        await encodePicture(camera, size, seconds, codecOf(camera), aside)
      }
      await voices
      await takePlace(aside, dir)
    } finally {
      await rm(aside, { recursive: true, force: true })
      await rm(scratch, { recursive: true, force: true })
    }
  }
  const speech = JSON.parse(await readFile(join(dir, 'microphones.json'), 'utf8')) as Speech
  return { dir, microphones: join(dir, speech.file), speech }
}

/** A folder appears whole or not at all; when two prepare at once, the first one's stays. */
const takePlace = async (aside: string, dir: string): Promise<void> => {
  try {
    await rename(aside, dir)
  } catch (cause) {
    if (!existsSync(dir)) throw cause
  }
}
