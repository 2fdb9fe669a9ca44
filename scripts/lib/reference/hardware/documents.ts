/** Every document of `hardware/` that is made from data there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseBoardProfile } from '../../../../controller/wire/board-profile.ts'
import { between } from '../table.ts'
import { boardDrawing } from './board-drawing.ts'
import { panelDrawing } from './panel-drawing.ts'
import { partsTable, readParts } from './parts-table.ts'
import { batteryTable, loadTable, lossTable, readPower, workedExample } from './power-budget.ts'
import { roomDrawing } from './room-drawing.ts'
import { readWiring } from './wiring.ts'

interface Document {
  path: string
  text: string
}

const PROFILES = 'hardware/profiles'

const boardDrawings = (): Document[] =>
  readdirSync(PROFILES)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const profile = parseBoardProfile(JSON.parse(readFileSync(join(PROFILES, name), 'utf8')))
      if (profile.driver !== 'sysfs') return []
      return [{ path: `hardware/wiring/${name.replace('.json', '.svg')}`, text: boardDrawing(profile, readWiring()) }]
    })

const filledIn = (path: string, parts: Readonly<Record<string, string>>): Document => ({
  path,
  text: Object.entries(parts).reduce((text, [mark, part]) => between(text, mark, part), readFileSync(path, 'utf8')),
})

export const hardwareDocuments = (): Document[] => {
  const power = readPower()
  return [
    ...boardDrawings(),
    { path: 'hardware/wiring/panel.svg', text: panelDrawing(readWiring()) },
    { path: 'hardware/wiring/room.svg', text: roomDrawing(readWiring()) },
    filledIn('hardware/power/README.md', {
      loads: loadTable(power),
      losses: lossTable(power),
      batteries: batteryTable(power),
      example: workedExample(power),
    }),
    filledIn('hardware/parts/README.md', { parts: partsTable(readParts()) }),
  ]
}
