/**
 * From what a disk says about itself to what is wrong with it. One lost sector counts at once, for published studies of
 * large fleets found that such disks fail far more often; the limits for wear, age and heat are chosen, not measured.
 * None of them takes a disk away from a recording: only writes that fail, or its bay, do.
 */
import { type Reason, reason } from '../base/reason.ts'
import type { DiskFacts, PhysicalDisk, UnreadCode } from './disk-facts.ts'
import type { DiskCode } from './disk-table.ts'

export interface DiskFinding {
  code: DiskCode
  why: Reason
}

interface Rule {
  code: DiskCode
  /** What follows the disk's name. */
  clerk: string
  /** Exactly what was found; null when nothing was. */
  find: (facts: DiskFacts) => string | null
}

/** From here on, in their own units. */
export const LIMITS = {
  sectorsMoving: 1,
  sectorsMoved: 50,
  wearingPercent: 80,
  wornPercent: 95,
  /** The spare is within so much of its limit. */
  spareNearPercent: 10,
  /** Of continuous work: about five years and nine months. */
  oldHours: 50_000,
  hotC: { hdd: 55, ssd: 70, nvme: 75, unknown: 60 },
} as const

const atLeast = (value: number | null, limit: number, what: string, unit = ''): string | null =>
  value !== null && value >= limit ? `${what} ${value}${unit}, limit ${limit}${unit}` : null

const between = (value: number | null, low: number, below: number, what: string, unit = ''): string | null =>
  value !== null && value < below ? atLeast(value, low, what, unit) : null

const { sectorsMoving, sectorsMoved, wearingPercent, wornPercent, spareNearPercent, oldHours, hotC } = LIMITS

const spareLeft = ({ sparePercent: spare, spareLimitPercent: limit }: DiskFacts): number | null =>
  spare === null || limit === null ? null : spare - limit

const spareText = ({ sparePercent, spareLimitPercent }: DiskFacts): string =>
  `${sparePercent} % of the spare left, limit ${spareLimitPercent} %`

const RULES: readonly Rule[] = [
  {
    code: 'DISK_SAYS_FAILING',
    clerk: 'says itself that it is failing',
    find: ({ passed, failingNow }) => {
      if (failingNow.length) return `beyond the limit of the maker: ${failingNow.join(', ')}`
      return passed === false ? 'SMART overall health: failed' : null
    },
  },
  {
    code: 'DISK_SPARE_GONE',
    clerk: 'has used up its spare memory',
    find: (facts) => ((spareLeft(facts) ?? 1) <= 0 ? spareText(facts) : null),
  },
  {
    code: 'DISK_SECTORS_LOST',
    clerk: 'has places that cannot be read',
    find: ({ pending, uncorrected }) =>
      [atLeast(pending, 1, 'pending sectors'), atLeast(uncorrected, 1, 'uncorrected errors')]
        .filter((found) => found !== null)
        .join('; ') || null,
  },
  {
    code: 'DISK_SECTORS_MOVED',
    clerk: 'has replaced many bad places',
    find: ({ reallocated }) => atLeast(reallocated, sectorsMoved, 'reallocated sectors'),
  },
  {
    code: 'DISK_SPARE_LOW',
    clerk: 'has little spare memory left',
    find: (facts) => {
      const left = spareLeft(facts)
      return left !== null && left > 0 && left <= spareNearPercent ? spareText(facts) : null
    },
  },
  {
    code: 'DISK_WORN',
    clerk: 'is worn out',
    find: (facts) => atLeast(facts.wornPercent, wornPercent, 'used up', ' %'),
  },
  {
    code: 'DISK_WEARING',
    clerk: 'will be worn out before long',
    find: (facts) => between(facts.wornPercent, wearingPercent, wornPercent, 'used up', ' %'),
  },
  {
    code: 'DISK_SECTORS_MOVING',
    clerk: 'has replaced a bad place',
    find: ({ reallocated }) => between(reallocated, sectorsMoving, sectorsMoved, 'reallocated sectors'),
  },
  {
    code: 'DISK_OLD',
    clerk: 'has worked for many years',
    find: ({ hours }) => atLeast(hours, oldHours, 'hours', ' h'),
  },
  {
    code: 'DISK_HOT',
    clerk: 'is too hot',
    find: ({ temperatureC, kind }) => atLeast(temperatureC, hotC[kind], 'temperature', ' °C'),
  },
]

/** USB bridges and virtual disks tell nothing, and nobody can change that. */
const IN_ITS_NATURE: ReadonlySet<UnreadCode> = new Set(['NO_DEVICE', 'UNSUPPORTED'])

const UNREAD: Record<UnreadCode, string> = {
  NO_DEVICE: 'has no device of its own to ask',
  UNSUPPORTED: 'does not tell of its health',
  NO_SMARTCTL: 'cannot be asked for its health: smartmontools is not installed',
  NO_PERMISSION: 'cannot be asked for its health: the recorder may not',
  DEVICE_GONE: 'cannot be asked for its health: it is not there',
  HANGS: 'does not answer when asked for its health',
  RUBBISH: 'answers something else when asked for its health',
}

/** In plain words, for the status: what keeps a disk from telling of its health. */
export const unreadText = (code: UnreadCode): string => UNREAD[code]

const nameOf = ({ device, facts }: PhysicalDisk): string =>
  [device, facts?.model, facts?.serial].filter(Boolean).join(' ')

/** What one disk tells of itself; `name` is how people call it. */
export const findingsOfPhysical = (name: string, disk: PhysicalDisk): DiskFinding[] => {
  const { facts, unread } = disk
  const about = (clerk: string, engineer: string) => reason(`${name} ${clerk}`, `${nameOf(disk)}: ${engineer}`)
  if (unread && !IN_ITS_NATURE.has(unread.code))
    return [{ code: 'DISK_UNEXAMINED', why: about(UNREAD[unread.code], `${unread.code}: ${unread.detail}`) }]
  if (!facts) return []
  return RULES.flatMap(({ code, clerk, find }) => {
    const found = find(facts)
    return found ? [{ code, why: about(clerk, found) }] : []
  })
}
