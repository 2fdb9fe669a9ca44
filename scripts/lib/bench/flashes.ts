/** Cameras that flash: a dark loop of two seconds whose first two pictures are white, begun at multiples of two seconds. */
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CameraServer, startCameraServer } from '../../../hardware/virtual/camera-server.ts'
import { run } from '../../../hardware/virtual/run.ts'
import type { Bench } from './part.ts'

export const PERIOD_MS = 2_000
export const FLASHING = ['camera-1', 'camera-2', 'camera-3', 'camera-4']

const SOURCE = `color=c=0x202020:s=1280x720:r=25:d=${PERIOD_MS / 1_000}`
const FLASH = "drawbox=color=white:t=fill:enable='lt(n,2)'"
/** Like the virtual courtroom's pictures: a key frame a second, no B-frames, access unit delimiters. */
const ENCODER = ['-c:v', 'libx264', '-preset', 'superfast', '-bf', '0', '-x264-params', 'aud=1:keyint=25:scenecut=0']

export const startFlashes = async (bench: Bench): Promise<CameraServer> => {
  const dir = join(bench.home, 'flashes')
  await mkdir(dir, { recursive: true })
  const first = join(dir, `${FLASHING[0]}.h264`)
  const picture = ['-f', 'lavfi', '-i', SOURCE, '-vf', `${FLASH},noise=alls=12:allf=t,format=yuv420p`]
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...ENCODER, '-b:v', '2500k', '-f', 'h264', first])
  for (const name of FLASHING.slice(1)) await copyFile(first, join(dir, `${name}.h264`))
  const server = await startCameraServer({ dir, cameras: FLASHING, alignSeconds: PERIOD_MS / 1_000 })
  bench.atEnd(() => server.stop())
  return server
}
