/** A courtroom that does not exist: what stays the same about it. */
import type { DeviceId } from '../wire/fleet/name.ts'
import { between, chance, oneOf } from './chance.ts'
import { type Court, courtsFor } from './courts.ts'

export interface SimulatedRoom {
  seed: number
  /** From 0. */
  number: number
  device: DeviceId
  court: Court
  /** Name of the room, for people. */
  name: string
  serial: string
  version: string
  cameras: readonly string[]
  microphones: readonly string[]
  storeBytes: number
  bytesPerSecond: number
  /** Hearings on an ordinary day. */
  hearingsADay: number
  /** The air is warmer here than elsewhere, by so many degrees. */
  warmth: number
  /** Its machine never goes off and its network is always there: for measuring. */
  isUnbroken?: boolean
}

const CAMERAS = ['judge-camera', 'witness-camera', 'prosecution-camera', 'defence-camera'] as const
const MICROPHONES = [
  'judge-mic',
  'witness-mic',
  'prosecution-mic',
  'defence-mic',
  'clerk-mic',
  'interpreter-mic',
] as const
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** The newest first; most rooms have it. */
export const VERSIONS = ['0.1.0', '0.0.9', '0.0.7'] as const

export const deviceOf = (seed: number, number: number): DeviceId =>
  `vb-${Array.from({ length: 16 }, (_, place) => oneOf([...BASE32], seed, 'device', number, place)).join('')}`

const versionOf = (draw: number): string => VERSIONS[draw < 0.92 ? 0 : draw < 0.98 ? 1 : 2]

const roomOf = (seed: number, number: number, courts: readonly Court[]): SimulatedRoom => {
  const device = deviceOf(seed, number)
  const court = courts[number % courts.length]!
  const inCourt = Math.floor(number / courts.length) + 1
  const cameras = CAMERAS.slice(0, chance(seed, device, 'cameras') < 0.8 ? 4 : 3)
  const microphones = MICROPHONES.slice(0, chance(seed, device, 'microphones') < 0.7 ? 6 : 4)
  return {
    ...{ seed, number, device, court, name: `Courtroom ${inCourt}`, cameras, microphones },
    serial: `SIM-${String(number + 1).padStart(5, '0')}`,
    version: versionOf(chance(seed, device, 'version')),
    storeBytes: oneOf([2e12, 4e12], seed, device, 'disk'),
    bytesPerSecond: cameras.length * 250_000 + microphones.length * 8_000,
    hearingsADay: between(2.5, 6.5, seed, device, 'busy'),
    warmth: between(-4, 6, seed, device, 'warmth'),
  }
}

/** @param count rooms, spread evenly over courts of the whole country */
export const roomsOf = (seed: number, count: number): SimulatedRoom[] => {
  const courts = courtsFor(count)
  return Array.from({ length: count }, (_, number) => roomOf(seed, number, courts))
}
