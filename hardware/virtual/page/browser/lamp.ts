/** A lamp of a panel: lit while the chip's pin is high, and named by its rhythm beneath. */
import { LAMP_LABELS, LAMP_MEANINGS, type LampMeaning } from '../../../../controller/core/panel-lamp-table.ts'
import type { PanelLamp } from '../../../../controller/wire/panel.ts'
import type { PanelView } from '../view.ts'
import { h, s, setAttribute, setText } from './dom.ts'
import { icon } from './icons.ts'
import type { Words } from './words/words.ts'

export interface Lamp {
  node: HTMLElement
  update: (view: PanelView) => void
}

/** Rays make the light seen where colours are not. */
const RAYS = Array.from({ length: 12 }, (_, i) => i * 30)

const bulb = (): SVGSVGElement =>
  s(
    'svg',
    { viewBox: '-32 -32 64 64', class: 'bulb', 'aria-hidden': 'true', focusable: 'false' },
    s('circle', { r: '19', class: 'ring' }),
    s('circle', { r: '15', class: 'glass' }),
    ...RAYS.map((turn) => s('path', { d: 'M0 -23V-30', transform: `rotate(${turn})`, class: 'ray' })),
  )

export const lampView = (words: Words, lamp: PanelLamp): Lamp => {
  const rhythm = h('span', { class: 'rhythm' })
  const node = h(
    'div',
    { class: `lamp ${lamp}`, 'data-lamp': lamp, role: 'img' },
    bulb(),
    h('span', { class: 'lamp-name' }, icon(lamp), words.lamps[lamp]),
    rhythm,
  )
  return {
    node,
    update: ({ lit, rhythms, isPlugged }) => {
      const said = isPlugged ? words.rhythms[rhythms[lamp]] : words.unplugged
      node.classList.toggle('lit', lit.includes(lamp))
      setAttribute(node, 'data-rhythm', isPlugged ? rhythms[lamp] : 'unplugged')
      setAttribute(node, 'aria-label', `${words.lamps[lamp]}: ${said}`)
      setText(rhythm, said)
    },
  }
}

const isInTurn = ({ rhythms }: PanelView): boolean => rhythms.rec === 'flashing' && rhythms.fault === 'flashing'

/** What the lamps that can be seen mean, and what to do; from the table that the documents have too. */
export const meaningsOf = (view: PanelView): LampMeaning[] => {
  if (!view.isPlugged) return []
  if (isInTurn(view)) return LAMP_MEANINGS.filter(({ show }) => show === 'in-turn')
  return LAMP_MEANINGS.filter(({ lamps: [lamp, ...more], show }) => !more.length && lamp && view.rhythms[lamp] === show)
}

export const meaningItem = ({ lamps, show, means, toDo }: LampMeaning): HTMLElement =>
  h(
    'li',
    { lang: 'en' },
    h('b', {}, `${lamps.map((lamp) => LAMP_LABELS[lamp]).join(' + ')} ${show === 'in-turn' ? 'in turn' : show}: `),
    `${means} ${toDo === 'Nothing.' ? '' : toDo}`,
  )

/** What a person would say who looks at the whole panel; for those who cannot. */
export const lampsInWords = (words: Words, view: PanelView): string => {
  const { isPlugged, rhythms } = view
  if (!isPlugged) return words.unplugged
  if (isInTurn(view)) return words.notKnown
  const lit = (Object.keys(rhythms) as PanelLamp[]).filter((lamp) => rhythms[lamp] !== 'dark')
  return lit.map((lamp) => `${words.lamps[lamp]}: ${words.rhythms[rhythms[lamp]]}`).join(', ') || words.rhythms.dark
}
