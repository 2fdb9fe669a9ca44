/** A board's lines with what hangs on them: pins from the profile, everything else from `wiring.json`. */
import type { BoardProfile, InputPlace, OutputPlace } from '../../../../controller/wire/board-profile.ts'
import { box, dot, drawing, ground, path, pullUp, resistor, text } from './drawing.ts'
import type { WiredLine, Wiring } from './wiring.ts'

const WIDTH = 1060
const ROW = 72
const TOP = 66
const PIN_TO = 236
const DEVICE_FROM = 560

/** A contact that somebody else closes. */
const lever = (x: number, y: number): string => `${dot(x, y)}${dot(x + 34, y)}${path(`M${x} ${y}L${x + 30} ${y - 13}`)}`

const transistor = (x: number, y: number): string =>
  `<circle cx="${x}" cy="${y}" r="15" class="part"/>${path(`M${x - 6} ${y - 9}v18M${x - 6} ${y - 3}l12 -8M${x - 6} ${y + 3}l12 8`)}`

/** The same, driven from the right. */
const mirrored = (x: number, y: number): string =>
  `<g transform="translate(${2 * x} 0) scale(-1 1)">${transistor(x, y)}</g>`

const toDevice = (x: number, y: number): string => path(`M${x} ${y}H${DEVICE_FROM}`, 'other')

type Symbol = (y: number, place: InputPlace | OutputPlace, volts: string) => string

const pulled = (y: number, place: InputPlace | OutputPlace, volts: string): string =>
  'pull' in place && place.pull === 'up' ? pullUp(282, y, '10 kΩ', volts) : ''

const SYMBOLS: Readonly<Record<WiredLine['how'], Symbol>> = {
  contact: (y, place, volts) =>
    [
      pulled(y, place, volts),
      path(`M${PIN_TO} ${y}H380`),
      lever(380, y),
      path(`M414 ${y}H450v6`),
      ground(450, y + 6),
      path(`M397 ${y - 8}v-14H${DEVICE_FROM}`, 'other'),
    ].join(''),
  'open-collector': (y, place, volts) =>
    [
      pulled(y, place, volts),
      path(`M${PIN_TO} ${y}H360V${y - 22}H393V${y - 11}`),
      mirrored(399, y),
      path(`M393 ${y + 11}v4`),
      ground(393, y + 14),
      toDevice(414, y),
    ].join(''),
  optocoupler: (y, place, volts) =>
    [
      pulled(y, place, volts),
      path(`M${PIN_TO} ${y}H370`),
      box(370, y - 22, 80, 44, 'part'),
      path(`M380 ${y}h6M386 ${y - 10}v20M386 ${y - 4}l12 -8M386 ${y + 4}l12 8v10`),
      path(`M426 ${y - 12}h14l-7 13zM426 ${y + 2}h14`),
      path(`M412 ${y - 6}l6 -4M412 ${y + 2}l6 -4`),
      ground(398, y + 20),
      path(`M433 ${y - 12}v-4H470`),
      resistor(470, y - 16, '470 Ω'),
      path(`M500 ${y - 16}H${DEVICE_FROM}M433 ${y + 2}v12H${DEVICE_FROM}`),
    ].join(''),
  relay: (y) =>
    [
      path(`M${PIN_TO} ${y}H300`),
      resistor(300, y, '1 kΩ'),
      path(`M330 ${y}H360`),
      box(360, y - 20, 130, 40, 'part'),
      text(425, y - 3, 'relay driver', 'small', 'middle'),
      text(425, y + 11, 'resting contact: on', 'small', 'middle'),
      toDevice(490, y),
    ].join(''),
  transistor: (y) =>
    [
      path(`M${PIN_TO} ${y}H300`),
      resistor(300, y, '1 kΩ'),
      path(`M330 ${y}H390`),
      transistor(399, y),
      path(`M405 ${y + 11}v4`),
      ground(405, y + 14),
      path(`M405 ${y - 11}v-8H${DEVICE_FROM}`),
    ].join(''),
  direct: (y) => path(`M${PIN_TO} ${y}H${DEVICE_FROM}`),
}

const row = (i: number, line: string, place: InputPlace | OutputPlace, wired: WiredLine, volts: string): string => {
  const y = TOP + i * ROW + ROW / 2
  const [pin = ''] = place.wiring.split(';')
  const isInput = 'debounceMs' in place
  return [
    `<g>`,
    box(20, y - 26, PIN_TO - 20, 52),
    text(30, y - 8, line, 'strong'),
    text(30, y + 7, `${pin}, line ${place.offset}`),
    text(
      30,
      y + 21,
      `${isInput ? 'in' : 'out'}, active ${place.activeLow ? 'low' : 'high'}; wire: ${wired.wire}`,
      'small',
    ),
    SYMBOLS[wired.how](y, place, volts),
    box(DEVICE_FROM, y - 26, WIDTH - DEVICE_FROM - 20, 52),
    text(DEVICE_FROM + 10, y - 8, wired.device, 'strong'),
    text(DEVICE_FROM + 10, y + 7, wired.place),
    text(DEVICE_FROM + 10, y + 21, wired.why, 'small'),
    `</g>`,
  ].join('\n')
}

export const boardDrawing = (profile: Extract<BoardProfile, { driver: 'sysfs' }>, wiring: Wiring): string => {
  const places = [...Object.entries(profile.inputs), ...Object.entries(profile.outputs)]
  const rows = places.flatMap(([line, place]) => (place ? [{ line, place }] : []))
  const volts = `${wiring.supplyVolts} V`
  return drawing(WIDTH, TOP + rows.length * ROW + 16, profile.name, [
    text(
      20,
      48,
      `Every return wire goes to the board's ground. Nothing here carries more than 5 V but the relay's contact.`,
      'small',
    ),
    ...rows.map(({ line, place }, i) => row(i, line, place, wiring.lines[line as keyof Wiring['lines']]!, volts)),
  ])
}
