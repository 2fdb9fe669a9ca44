/** A stage with the virtual courtroom on it: four cameras on a real RTSP server, and the voices of six people. */
import { fileURLToPath } from 'node:url'
import { type Courtroom, startCourtroom } from '../../../hardware/virtual/courtroom.ts'
import { CAMERAS } from '../../../hardware/virtual/pictures.ts'
import { SPEAKERS } from '../../../hardware/virtual/voices.ts'
import type { Stage } from './stage.ts'
import { story } from './story.ts'

export const SIZE = { width: 640, height: 360 }
/** Of the cameras, when the courtroom prepares its pictures: one key frame a second. */
export const FRAMES_A_SECOND = 25

export const ROOM_CAMERAS = CAMERAS.map(({ name }) => name)
export const ROOM_MICROPHONES = SPEAKERS.map(({ microphone }) => microphone)

export const cacheDir = fileURLToPath(new URL('../../../.verbatim/prepared', import.meta.url))

/** A story in the virtual courtroom; its cameras are ended with it. */
export const roomStory = (name: string, tell: (stage: Stage, courtroom: Courtroom) => Promise<void>): void =>
  story(name, {}, async (stage) => {
    const courtroom = await startCourtroom({ cacheDir, size: SIZE, seconds: 20 })
    try {
      const { sources } = courtroom.config(stage.stores, { runtimeDir: '-', stateDir: '-' })
      await stage.ready({ sources })
      await tell(stage, courtroom)
    } finally {
      await courtroom.stop()
    }
  })
