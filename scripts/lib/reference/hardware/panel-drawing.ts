/** The front panel's board: what `firmware/panel/board.h` says of its pins, with buttons and lamps on them. */
import { BUTTON_BITS, LAMP_BITS } from '../../../../hardware/virtual/panel/virtual-panel.ts'
import { box, dot, drawing, ground, path, resistor, text } from './drawing.ts'
import type { PanelPin, Wiring } from './wiring.ts'

const ROW = 46
const TOP = 60
const PIN_TO = 130
const DEVICE_FROM = 400

/** Port D begins at D0, port B at D8. */
export const panelPins = (): string[] => [
  ...Object.values(BUTTON_BITS).map((bit) => `D${bit}`),
  ...[6, 7].map((bit) => `D${bit}`),
  ...Object.entries(LAMP_BITS)
    .filter(([lamp]) => lamp !== 'link')
    .map(([, bit]) => `D${8 + bit}`),
]

const SYMBOLS: Readonly<Record<PanelPin['how'], (y: number) => string>> = {
  button: (y) =>
    `${path(`M${PIN_TO} ${y}H220`)}${dot(220, y)}${dot(256, y)}${path(`M222 ${y - 9}h32M238 ${y - 9}v-8`)}${path(`M256 ${y}h34v2`)}${ground(290, y + 2)}${path(`M238 ${y - 17}H${DEVICE_FROM}`, 'other')}`,
  strap: (y) => `${path(`M${PIN_TO} ${y}H290`, 'other')}${ground(290, y)}${path(`M290 ${y}H${DEVICE_FROM}`, 'other')}`,
  lamp: (y) =>
    `${path(`M${PIN_TO} ${y}H180`)}${resistor(180, y, '220 Ω')}${path(`M210 ${y}h30M240 ${y - 9}v18l16 -9zM256 ${y - 9}v18M256 ${y}h34v2`)}${path(`M246 ${y - 12}l6 -6M253 ${y - 12}l6 -6`)}${ground(290, y + 2)}${path(`M262 ${y - 17}H${DEVICE_FROM}`, 'other')}`,
}

export const panelDrawing = ({ panel }: Wiring): string => {
  const pins = panelPins()
  for (const pin of pins) if (!panel.pins[pin]) throw new Error(`wiring.json says nothing of the panel's pin ${pin}`)
  return drawing(700, TOP + pins.length * ROW + 16, 'Front panel and judge’s lamp: Arduino Nano or Uno', [
    text(
      20,
      46,
      'Pull-up resistors are inside the chip. Power and data come by USB. A strap is closed on one board alone.',
      'small',
    ),
    ...pins.map((pin, i) => {
      const y = TOP + i * ROW + ROW / 2
      const { how, device, wire } = panel.pins[pin]!
      return [
        box(20, y - 17, PIN_TO - 20, 34),
        text(30, y + 5, pin, 'strong'),
        text(70, y + 4, wire, 'small'),
        SYMBOLS[how](y),
        box(DEVICE_FROM, y - 17, 280, 34),
        text(DEVICE_FROM + 10, y + 5, device),
      ].join('\n')
    }),
  ])
}
