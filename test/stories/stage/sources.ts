/** A small courtroom that costs a busy machine little: two cameras that draw their own picture, six microphones. */
import type { RecorderConfig } from '../../../hardware/virtual/courtroom.ts'

type Sources = RecorderConfig['sources']

export const CAMERAS = ['judge-camera', 'witness-camera'] as const
export const MICROPHONES = [
  'judge-mic',
  'witness-mic',
  'prosecution-mic',
  'defence-mic',
  'clerk-mic',
  'interpreter-mic',
]
/** Name of the interface that all microphones hang on. */
export const INTERFACE = 'microphones'

export const camera = (name: string): Sources[number] => ({
  kind: 'test',
  media: 'video',
  name,
  width: 320,
  height: 180,
  bitrateKbps: 200,
})

export const smallRoom = (): Sources => [
  ...CAMERAS.map(camera),
  {
    kind: 'test',
    media: 'audio',
    name: INTERFACE,
    tracks: MICROPHONES.map((name, i) => ({ name, channel: i + 1 })),
  },
]
