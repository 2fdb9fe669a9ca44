/** The tables of hardware/profiles/README.md: what the lines mean, and the pins of every profile. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BOARD_INPUTS, BOARD_OUTPUTS, LINE_MEANINGS } from '../../../controller/wire/board.ts'
import {
  type BoardProfile,
  type InputPlace,
  type OutputPlace,
  parseBoardProfile,
} from '../../../controller/wire/board-profile.ts'
import { table } from './table.ts'

const DIR = 'hardware/profiles'

export const lineTable = (): string =>
  table([
    ['line', 'direction', 'active means'],
    ...BOARD_INPUTS.map((line) => [`\`${line}\``, 'in', LINE_MEANINGS[line]]),
    ...BOARD_OUTPUTS.map((line) => [`\`${line}\``, 'out', LINE_MEANINGS[line]]),
  ])

const row = (line: string, place: OutputPlace | InputPlace): string[] => [
  `\`${line}\``,
  'debounceMs' in place ? 'in' : 'out',
  `${place.offset}`,
  place.activeLow ? 'low' : 'high',
  'debounceMs' in place ? place.pull : '',
  'debounceMs' in place ? `${place.debounceMs} ms` : '',
  place.wiring,
]

const pinTable = (profile: Extract<BoardProfile, { driver: 'sysfs' }>): string => {
  const places = [...Object.entries(profile.inputs), ...Object.entries(profile.outputs)]
  const chips = [...new Set(places.flatMap(([, place]) => (place ? [place.chip] : [])))]
  const head = ['line', 'direction', 'offset', 'active', 'pull', 'debounce', 'wiring']
  const rows = places.flatMap(([line, place]) => (place ? [row(line, place)] : []))
  return `Chip label: ${chips.map((chip) => `\`${chip}\``).join(', ')}.\n\n${table([head, ...rows])}`
}

export const profileTables = (): string =>
  readdirSync(DIR)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const profile = parseBoardProfile(JSON.parse(readFileSync(join(DIR, name), 'utf8')))
      const lines =
        profile.driver === 'sysfs' ? pinTable(profile) : `Socket: \`${profile.socket}\` in the runtime folder.`
      return `### ${profile.name}\n\n[${name}](${name}). ${profile.about}\n\n${lines}`
    })
    .join('\n\n')
