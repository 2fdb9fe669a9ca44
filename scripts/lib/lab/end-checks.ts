/** The power is cut, the machine is switched off, and its disks are looked at elsewhere. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { toneHz } from '../../../controller/capture/launch.ts'
import { STORES } from '../../../hardware/lab/machine.ts'
import { loudestTone } from '../../../test/builders/tones.ts'
import { checkHearing } from '../unattended-hearing.ts'
import { cutOnce, lossText, MOST_LOST_MS, worstOf } from './cut.ts'
import { type Check, must } from './lab.ts'

const MICROPHONES = ['judge-mic', 'witness-mic', 'prosecution-mic', 'defence-mic', 'clerk-mic', 'interpreter-mic']
/** As `lab-hardware` paints them. */
const COLOURS = {
  'judge-camera': 'red',
  'witness-camera': 'green',
  'prosecution-camera': 'blue',
  'defence-camera': 'white',
}
const RATE = 8_000

const decode = (file: string, ...how: string[]): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', file, ...how, '-'], { maxBuffer: 1 << 28 })

const firstFile = (hearing: string, track: string): string =>
  join(
    hearing,
    track,
    readdirSync(join(hearing, track))
      .filter((name) => name.endsWith('.mp4'))
      .sort()[0]!,
  )

/** The tone that a microphone's track holds. */
const toneOf = (hearing: string, track: string): number => {
  const bytes = decode(firstFile(hearing, track), '-ss', '1', '-t', '2', '-f', 's16le', '-ac', '1', '-ar', String(RATE))
  const sound = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2))
  return loudestTone(
    sound,
    RATE,
    MICROPHONES.map((_, i) => toneHz(i + 1)),
  )
}

/** Below the driver's own words, which cover the middle of a small picture with black. */
const CORNER = 'crop=iw/4:ih/6:3*iw/4:5*ih/6,scale=1:1'

/** The colour of a camera's picture. */
const colourOf = (hearing: string, track: string): string => {
  const how = ['-ss', '1', '-frames:v', '1', '-vf', CORNER, '-f', 'rawvideo', '-pix_fmt', 'rgb24']
  const [red = 0, green = 0, blue = 0] = decode(firstFile(hearing, track), ...how)
  const strong = [red, green, blue].map((value) => value > 128)
  if (strong.every(Boolean)) return 'white'
  return ['red', 'green', 'blue'].filter((_, i) => strong[i]).join(' and ') || 'black'
}

export const endChecks: readonly Check[] = [
  {
    what: 'power cut in a hearing, disks lose their caches',
    see: async (lab) => {
      const { losses, seconds, verdict, bootSeconds } = await cutOnce(lab, 1)
      const worst = worstOf(losses)
      must(worst.lostMs <= MOST_LOST_MS, `${lossText(worst)} lost`)
      return `after ${seconds.toFixed(1)} s; back in ${bootSeconds.toFixed(0)} s; lost at most ${lossText(worst)}; ${verdict}`
    },
  },
  {
    what: 'battery low: closed in order, the machine switches itself off',
    see: async (lab) => {
      const { machine, recorder, hearings } = lab
      await recorder.until('all sources live', 90, ({ sources }) => sources.every(({ state }) => state === 'live'))
      hearings.push(await recorder.press('rec', 'LAB-2'))
      await recorder.until('every track on disk', 30, ({ tracks }) => tracks.every(({ fragments }) => fragments > 0))
      await machine.sh('lab-wire courtroom 0 0; lab-wire courtroom 1 1')
      const seconds = await machine.untilOff()
      return `off after ${seconds.toFixed(0)} s`
    },
  },
  {
    what: 'the disks in another computer: every hearing whole on both',
    see: async ({ machine, hearings }) => {
      for (const disk of STORES)
        await machine.readDisk(disk, async (folder) => {
          for (const hearing of hearings) await checkHearing(join(folder, hearing))
        })
      return `${hearings.length} hearings on ${STORES.length} disks`
    },
  },
  {
    what: 'each microphone on its own track: one tone a channel',
    see: async ({ machine, hearings }) => {
      const heard = await machine.readDisk(STORES[0], async (folder) =>
        MICROPHONES.map((track) => toneOf(join(folder, hearings[0]!), track)),
      )
      must(
        heard.every((hz, i) => hz === toneHz(i + 1)),
        `heard ${heard.join(', ')} Hz`,
      )
      return `${heard.join(', ')} Hz`
    },
  },
  {
    what: 'each camera on its own track: one colour a camera',
    see: async ({ machine, hearings }) => {
      const seen = await machine.readDisk(STORES[1], async (folder) =>
        Object.keys(COLOURS).map((track) => colourOf(join(folder, hearings[0]!), track)),
      )
      must(seen.join() === Object.values(COLOURS).join(), `seen ${seen.join(', ')}`)
      return seen.join(', ')
    },
  },
]
