/** The cameras' pictures: encoded once to a raw stream that `cameras.py` serves for ever. */
import { join } from 'node:path'
import { run } from './run.ts'

export interface Size {
  width: number
  height: number
}

export interface CameraPicture {
  name: string
  title: string
  /** Properties of videotestsrc: moving, different for each camera, and hard enough to compress for a real bit rate. */
  pattern: string
}

export const FRAMERATE = 25

export const CAMERAS: readonly CameraPicture[] = [
  { name: 'judge-camera', title: 'Judge', pattern: 'pattern=smpte horizontal-speed=4' },
  { name: 'witness-camera', title: 'Witness', pattern: 'pattern=zone-plate kx2=20 ky2=20 kt=1' },
  { name: 'prosecution-camera', title: 'Prosecution', pattern: 'pattern=colors horizontal-speed=2' },
  { name: 'defence-camera', title: 'Defence', pattern: 'pattern=smpte horizontal-speed=-3' },
]

export type Codec = 'h264' | 'h265'

/**
 * A key frame each second, no B-frames, 4:2:0 (browsers play nothing else), and an access unit delimiter before every
 * picture, which is where `cameras.py` cuts. Speed is worth more than beauty: somebody waits for the first start.
 */
const ENCODERS: Record<Codec, (kbps: number) => string> = {
  h264: (kbps) =>
    `x264enc speed-preset=superfast bitrate=${kbps} key-int-max=${FRAMERATE} bframes=0 aud=true ` +
    '! video/x-h264,profile=main,stream-format=byte-stream,alignment=au',
  h265: (kbps) =>
    `x265enc speed-preset=ultrafast bitrate=${kbps} key-int-max=${FRAMERATE} ` +
    `option-string="aud=1:bframes=0:scenecut=0:repeat-headers=1:min-keyint=${FRAMERATE}" ` +
    '! video/x-h265,profile=main,stream-format=byte-stream,alignment=au',
}

/** The pipeline in gst-launch's words, without the sink. Its text is part of the cache's key. */
export const picturePipeline = (camera: CameraPicture, size: Size, seconds: number, codec: Codec): string => {
  const kbps = Math.max(150, Math.round((2_500 * size.width * size.height) / (1280 * 720)))
  const fontSize = Math.max(10, Math.round(size.height / 20))
  const text = (align: string) => `font-desc="DejaVu Sans Mono ${fontSize}px" halignment=left valignment=${align}`
  return (
    `videotestsrc num-buffers=${seconds * FRAMERATE} ${camera.pattern} ` +
    `! video/x-raw,format=I420,width=${size.width},height=${size.height},framerate=${FRAMERATE}/1 ` +
    `! timecodestamper set=always ! timeoverlay time-mode=time-code shaded-background=true ${text('bottom')} ` +
    `! textoverlay text="${camera.title}" shaded-background=true ${text('top')} ` +
    `! ${ENCODERS[codec](kbps)}`
  )
}

/** Encodes `seconds` of one camera into `dir`. */
export const encodePicture = async (
  camera: CameraPicture,
  size: Size,
  seconds: number,
  codec: Codec,
  dir: string,
): Promise<void> => {
  const pipeline = `${picturePipeline(camera, size, seconds, codec)} ! filesink location=${join(dir, `${camera.name}.${codec}`)}`
  // gst-launch reads the pipeline from words; quotes hold the font's name together.
  const words = pipeline.match(/[^\s"]*"[^"]*"|\S+/g) ?? []
  await run('gst-launch-1.0', ['-q', ...words])
}
