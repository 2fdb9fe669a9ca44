/** A whole courtroom without hardware: four RTSP cameras and six microphones, and the configuration that records them. */
import type { z } from 'zod'
import type { Config } from '../../controller/wire/config.ts'
import { type CameraPosition, type CameraServer, startCameraServer } from './camera-server.ts'
import { type RoomPanels, startRoomPanels } from './panel/room-panel.ts'
import { CAMERAS, type Codec, type Size } from './pictures.ts'
import { prepare } from './prepare.ts'
import type { Speech } from './speech.ts'
import { SPEAKERS } from './voices.ts'

/** What may be written in a configuration file, before defaults are filled in. */
export type RecorderConfig = z.input<typeof Config>

export interface CourtroomOptions {
  cacheDir: string
  /** Of the cameras; 0, the default, takes a free one. */
  port?: number
  size?: Size
  /** Length of the cameras' loop. */
  seconds?: number
  codecs?: Readonly<Record<string, Codec>>
  user?: string
  password?: string
  alignSeconds?: number
  /** Folder for the serial ports of a clerk's panel and a judge's lamp; without it there are none. */
  panelsDir?: string
  progress?: (line: string) => void
}

export interface Dirs {
  runtimeDir: string
  stateDir: string
}

export interface Courtroom {
  /** A configuration for the recorder; `stores` are one or two folders, `microphones` a copy of the file they play. */
  config: (stores: readonly string[], dirs: Dirs, microphones?: string) => RecorderConfig
  /** By name of the camera. */
  urls: Record<string, string>
  speech: Speech
  microphones: string
  /** Switches one camera; a restart of all switches it on again. */
  turnCamera: (camera: string, position: CameraPosition) => Promise<void>
  /** Null without `panelsDir`. */
  panels: RoomPanels | null
  /** Ends the cameras; SIGKILL breaks every connection without a word. */
  stopCameras: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** Starts the cameras again where they were, ending them first if they run. */
  restartCameras: () => Promise<void>
  stop: () => Promise<void>
}

export const startCourtroom = async (options: CourtroomOptions): Promise<Courtroom> => {
  const prepared = await prepare(options)
  const start = (port: number): Promise<CameraServer> =>
    startCameraServer({ ...options, dir: prepared.dir, cameras: CAMERAS.map(({ name }) => name), port })
  const panels = options.panelsDir === undefined ? null : await startRoomPanels(options.panelsDir)
  let server = await start(options.port ?? 0).catch(async (fault) => {
    await panels?.stop()
    throw fault
  })
  const { urls } = server
  return {
    config: (stores, dirs, microphones = prepared.microphones) => ({
      ...recorderConfig(stores, dirs, urls, microphones, options),
      ...(panels ? { panels: Object.values(panels.panels).map(({ role, path }) => ({ role, path })) } : {}),
    }),
    urls,
    speech: prepared.speech,
    microphones: prepared.microphones,
    turnCamera: (camera, position) => server.turn(camera, position),
    panels: panels?.panels ?? null,
    stopCameras: (signal) => server.stop(signal),
    restartCameras: async () => {
      await server.stop()
      server = await start(server.port)
    },
    stop: async () => {
      await Promise.all([server.stop(), panels?.stop()])
    },
  }
}

const recorderConfig = (
  stores: readonly string[],
  dirs: Dirs,
  urls: Record<string, string>,
  microphones: string,
  { user, password }: CourtroomOptions,
): RecorderConfig => ({
  court: 'Almaty District Court',
  room: 'Courtroom 1',
  ...dirs,
  stores: stores.map((path, i) => ({ name: i === 0 ? 'store' : 'mirror', path })),
  sources: [
    ...CAMERAS.map(({ name, title }) => ({
      kind: 'rtsp' as const,
      name,
      label: title,
      url: urls[name]!,
      ...(user === undefined ? {} : { user, password: password ?? '' }),
    })),
    {
      kind: 'file',
      media: 'audio',
      name: 'microphones',
      path: microphones,
      channels: SPEAKERS.length,
      tracks: SPEAKERS.map(({ microphone, speaker }, i) => ({ name: microphone, label: speaker, channel: i + 1 })),
    },
  ],
  hearing: { expectedHours: 0.5 },
})
