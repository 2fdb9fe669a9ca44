/** The documents of hardware/: complete, and their sums are right. That they are up to date, test/wire/reference asks. */
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inputsOf, outputsOf, parseBoardProfile } from '../../controller/wire/board-profile.ts'
import { hardwareDocuments } from '../../scripts/lib/reference/hardware/documents.ts'
import { panelPins } from '../../scripts/lib/reference/hardware/panel-drawing.ts'
import { readParts, totalOf } from '../../scripts/lib/reference/hardware/parts-table.ts'
import { minutesOf, readPower, shareOf, wattsOf } from '../../scripts/lib/reference/hardware/power-budget.ts'

const documents = new Map(hardwareDocuments().map(({ path, text }) => [path, text]))
const drawings = [...documents].filter(([path]) => path.endsWith('.svg'))

/** Every element that is opened is closed, in order. */
const isBalanced = (svg: string): boolean => {
  const open: string[] = []
  for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end) {
      if (open.pop() !== name) return false
    } else if (!alone) open.push(name!)
  }
  return open.length === 0
}

test('every board with lines has a drawing, with each of its lines and pins', () => {
  for (const name of readdirSync('hardware/profiles').filter((one) => one.endsWith('.json'))) {
    const profile = parseBoardProfile(JSON.parse(readFileSync(`hardware/profiles/${name}`, 'utf8')))
    const svg = documents.get(`hardware/wiring/${name.replace('.json', '.svg')}`)
    if (profile.driver !== 'sysfs') {
      assert.is(svg, undefined)
      continue
    }
    for (const line of [...inputsOf(profile), ...outputsOf(profile)]) {
      const place = { ...profile.inputs, ...profile.outputs }[line]!
      assert.ok(svg?.includes(`>${line}<`), `${name}: ${line}`)
      assert.ok(svg?.includes(`${place.wiring.split(';')[0]}, line ${place.offset}<`), `${name}: pin of ${line}`)
    }
  }
})

test('the panel is drawn with every pin that its firmware uses', () => {
  const firmware = readFileSync('firmware/panel/board.h', 'utf8')
  const svg = documents.get('hardware/wiring/panel.svg')
  for (const pin of panelPins()) {
    assert.match(firmware, new RegExp(`\\b${pin}\\b`))
    assert.ok(svg?.includes(`>${pin}<`), pin)
  }
  assert.is(panelPins().length, 11)
})

test('drawings are well-formed, and fetch nothing', () => {
  assert.ok(drawings.length >= 4)
  for (const [path, svg] of drawings) {
    assert.ok(isBalanced(svg), path)
    assert.not.match(svg, /href|<script|url\(|@import/)
  }
})

test('the sums of the power budget are right', () => {
  const power = readPower()
  assert.is(wattsOf(power, 'recorder') + wattsOf(power, 'cameras'), wattsOf(power))
  const small = {
    ...power,
    loads: [{ what: 'all', count: 2, watts: 25, part: 'recorder' as const }],
    losses: [
      { what: 'a', percent: 50 },
      { what: 'b', percent: 50, only: 'lead' as const },
    ],
  }
  const battery = { what: '', kind: 'lead' as const, volts: 12, ampereHours: 10, count: 2 }
  assert.is(shareOf(small, 'lead'), 0.25)
  assert.is(shareOf(small, 'lithium'), 0.5)
  // 240 Wh printed, 60 Wh to count on, 50 W.
  assert.is(minutesOf(small, battery, wattsOf(small)), 72)
})

test('the parts list adds up', () => {
  const parts = readParts()
  const { from, to } = totalOf(parts)
  assert.ok(from > 0 && from < to)
  assert.ok(documents.get('hardware/parts/README.md')?.includes(`**${from} to ${to}**`))
})

test.run()
