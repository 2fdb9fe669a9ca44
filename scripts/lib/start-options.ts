import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Size } from '../../hardware/virtual/pictures.ts'

export interface StartOptions {
  /** Seconds of an unattended hearing; null stays until Ctrl-C. */
  hearingSeconds: number | null
  store: string
  mirror: string
  size: Size
  /** Of the room's page; 0 takes a free one. */
  pagePort: number
  /** Simulated rooms beside the virtual courtroom; null without a hub. */
  rooms: number | null
  /** Of the hub's console; 0 takes a free one. */
  consolePort: number
  /** How much faster than life days go by in the simulated rooms. */
  speed: number
}

const ROOMS = 50

/** Reads the command line; throws an Error with one sentence for a person. */
export const readStartOptions = (words: string[], home: string): StartOptions => {
  const { values } = parseArgs({
    args: words,
    options: {
      hearing: { type: 'string' },
      store: { type: 'string', default: `${home}/store-1` },
      mirror: { type: 'string', default: `${home}/store-2` },
      size: { type: 'string', default: '1280x720' },
      'page-port': { type: 'string', default: '0' },
      rooms: { type: 'string' },
      'console-port': { type: 'string', default: '0' },
      speed: { type: 'string', default: '6' },
    },
  })
  const store = resolve(values.store)
  const mirror = resolve(values.mirror)
  const hearingSeconds = readSeconds(values.hearing)
  if (store === mirror) throw new Error('--store and --mirror need two different folders')
  return {
    hearingSeconds,
    store,
    mirror,
    size: readSize(values.size),
    pagePort: readPort('--page-port', values['page-port']),
    // A hearing that nobody attends needs no fleet, unless somebody asks for one.
    rooms: readRooms(values.rooms, hearingSeconds === null ? ROOMS : 0),
    consolePort: readPort('--console-port', values['console-port']),
    speed: readSpeed(values.speed),
  }
}

const readSeconds = (text: string | undefined): number | null => {
  if (text === undefined) return null
  const seconds = Number(text)
  if (!(seconds >= 1 && seconds <= 86_400)) throw new Error(`--hearing wants seconds from 1 to 86400, not "${text}"`)
  return seconds
}

const readSize = (text: string): Size => {
  const [, width, height] = (/^(\d{3,4})x(\d{2,4})$/.exec(text) ?? []).map(Number)
  if (width === undefined || height === undefined || width % 2 || height % 2 || width < 160 || height < 90)
    throw new Error(`--size wants WIDTHxHEIGHT in even numbers from 160x90, not "${text}"`)
  return { width, height }
}

const readPort = (option: string, text: string): number => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`${option} wants a number from 0 to 65535, not "${text}"`)
  return port
}

const readRooms = (text: string | undefined, otherwise: number): number | null => {
  const rooms = Number(text ?? otherwise)
  if (!Number.isInteger(rooms) || rooms < 0 || rooms > 2_000)
    throw new Error(`--rooms wants a whole number from 0 to 2000, not "${text}"`)
  return rooms || null
}

const readSpeed = (text: string): number => {
  const speed = Number(text)
  if (!(speed >= 0.1 && speed <= 1_000)) throw new Error(`--speed wants a number from 0.1 to 1000, not "${text}"`)
  return speed
}
