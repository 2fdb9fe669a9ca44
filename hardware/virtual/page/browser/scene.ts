/** The courtroom as one sees it from the public's seats. Only a picture: what can be pressed stands upon it. */
import { s } from './dom.ts'

const box = (x: number, y: number, width: number, height: number, style: string, radius = 4): SVGElement =>
  s('rect', { ...{ x: `${x}`, y: `${y}`, width: `${width}`, height: `${height}`, rx: `${radius}` }, class: style })

/** A desk with a top and panelled front. */
const desk = (x: number, y: number, width: number, height: number, panels: number): SVGElement => {
  const gap = 8
  const each = (width - gap * (panels + 1)) / panels
  return s(
    'g',
    {},
    box(x, y, width, height, 'wood'),
    ...Array.from({ length: panels }, (_, i) =>
      box(x + gap + i * (each + gap), y + 16, each, height - 24, 'panelling', 3),
    ),
    box(x - 7, y - 5, width + 14, 10, 'desk-top', 3),
  )
}

const chair = (x: number, y: number, width: number, height: number): SVGElement => box(x, y, width, height, 'chair', 12)

/** A sun over the judge's chair, as a court's wall has an emblem; of no country in particular. */
const emblem = (x: number, y: number): SVGElement =>
  s(
    'g',
    { transform: `translate(${x} ${y})`, class: 'emblem' },
    s('circle', { r: '24', class: 'emblem-ring' }),
    s('circle', { r: '9', class: 'emblem-sun' }),
    ...Array.from({ length: 16 }, (_, i) => s('path', { d: 'M0 -12V-18', transform: `rotate(${i * 22.5})` })),
  )

export const scenery = (): SVGSVGElement =>
  s(
    'svg',
    {
      viewBox: '0 0 900 360',
      class: 'scenery',
      preserveAspectRatio: 'xMidYMid slice',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    box(0, 0, 900, 250, 'wall', 0),
    ...Array.from({ length: 11 }, (_, i) => box(i * 84 - 12, 92, 72, 146, 'wainscot', 3)),
    box(0, 84, 900, 5, 'rail', 0),
    s('path', { d: 'M0 242H900V360H0z', class: 'floor' }),
    s('path', { d: 'M330 242L250 360H650L570 242z', class: 'carpet' }),
    emblem(450, 44),
    chair(415, 78, 70, 80),
    s('path', { d: 'M300 252h300l26 16H274z', class: 'step' }),
    desk(318, 158, 264, 94, 4),
    chair(108, 178, 56, 60),
    desk(36, 238, 200, 92, 3),
    chair(736, 178, 56, 60),
    desk(664, 238, 200, 92, 3),
    desk(356, 288, 188, 68, 3),
    desk(252, 240, 70, 82, 1),
    desk(578, 240, 70, 82, 1),
  )
