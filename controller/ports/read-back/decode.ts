/** Whether a recorded file shows and sounds: decoded by FFmpeg at the lowest priority, which says how bright and how loud. */
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'

export interface Decoded {
  /** Pictures or packets of sound that could be decoded. */
  frames: number
  /** Brightest point of all pictures, 16 for black to 235 for white; null for sound. */
  brightest: number | null
  /** Loudest moment in dB below full scale, -Infinity for silence; null for pictures. */
  peakDbfs: number | null
  /** What the decoder complained of. */
  complaint: string
}

const MAX_TEXT = 1 << 20

/** One line a picture: `lavfi.signalstats.YMAX=63`. */
const PICTURE = ['-map', '0:v:0', '-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YMAX:file=-']
/** One line a packet: `lavfi.astats.Overall.Peak_level=-21.3`. */
const SOUND = [
  '-map',
  '0:a:0',
  '-af',
  'astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.Peak_level:file=-',
]

/** Throws when FFmpeg is not there or does not end within `limitMs`. */
export const decode = async (file: string, media: 'video' | 'audio', limitMs: number): Promise<Decoded> => {
  const { out, complaint } = await run(file, media === 'video' ? PICTURE : SOUND, limitMs)
  const values = [...out.matchAll(/^lavfi\.\S+=(\S+)$/gm)].map(([, value]) =>
    value === '-inf' ? -Infinity : Number(value),
  )
  const known = values.filter((value) => !Number.isNaN(value))
  const most = Math.max(Number.NEGATIVE_INFINITY, ...known)
  return {
    frames: known.length,
    brightest: media === 'video' && known.length ? most : null,
    peakDbfs: media === 'audio' && known.length ? most : null,
    complaint,
  }
}

const run = (file: string, filter: string[], limitMs: number): Promise<{ out: string; complaint: string }> =>
  new Promise((resolve, reject) => {
    const words = ['-v', 'error', '-nostdin', '-threads', '1', '-i', file, ...filter, '-f', 'null', '-']
    const child = spawn('nice', ['-n', '19', 'ffmpeg', ...words], { stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() })
    const text = { out: '', complaint: '' }
    const patience = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`decoding took longer than ${limitMs} ms`))
    }, limitMs)
    child.stdout.on('data', (part: Buffer) => {
      if (text.out.length < MAX_TEXT) text.out += part
    })
    child.stderr.on('data', (part: Buffer) => {
      if (text.complaint.length < MAX_TEXT) text.complaint += part
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(patience)
      if (code === 127) reject(new Error('ffmpeg is not installed'))
      else resolve({ out: text.out, complaint: text.complaint.trim().slice(0, 300) })
    })
  })
