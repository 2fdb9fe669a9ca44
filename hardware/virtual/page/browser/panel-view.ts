/** The front panel on the clerk's desk, and the judge's lamp: the chips' pins, drawn. */
import { PANEL_BUTTONS, PANEL_LAMPS, type PanelButton } from '../../../../controller/wire/panel.ts'
import type { PanelView } from '../view.ts'
import { h, setAttribute, setText } from './dom.ts'
import { type HoldButton, holdButton } from './hold-button.ts'
import { lampsInWords, lampView, meaningItem, meaningsOf } from './lamp.ts'
import { order } from './link.ts'
import type { Complain } from './switch-button.ts'
import type { Words } from './words/words.ts'

export interface FrontPanel {
  node: HTMLElement
  buttons: Readonly<Record<PanelButton, HoldButton>>
  update: (view: PanelView) => void
}

export const frontPanel = (words: Words, complain: Complain): FrontPanel => {
  const lamps = PANEL_LAMPS.map((lamp) => lampView(words, lamp))
  const buttons = Object.fromEntries(
    PANEL_BUTTONS.map((button) => [
      button,
      holdButton(words, button, (down) => {
        order('/hold', { panel: 'clerk', button, down }).catch((fault: Error) =>
          complain(`${words.failed}: ${fault.message}`),
        )
      }),
    ]),
  ) as Record<PanelButton, HoldButton>
  const said = h('p', { class: 'unseen', 'aria-live': 'polite', 'data-said': 'clerk' })
  const meanings = h('ul', { class: 'meanings' })
  let seen = ''
  const face = h(
    'div',
    { class: 'face' },
    h('div', { class: 'lamps' }, ...lamps.map(({ node }) => node)),
    h('div', { class: 'presses' }, ...PANEL_BUTTONS.map((button) => buttons[button].node)),
  )
  return {
    node: h('div', { class: 'front-panel' }, face, said, meanings),
    buttons,
    update: (view) => {
      for (const lamp of lamps) lamp.update(view)
      for (const button of PANEL_BUTTONS)
        setAttribute(buttons[button].node, 'aria-pressed', String(view.held.includes(button)))
      face.classList.toggle('unplugged', !view.isPlugged)
      setText(said, lampsInWords(words, view))
      const found = meaningsOf(view).map(meaningItem)
      const text = found.map((item) => item.textContent).join()
      if (text !== seen) meanings.replaceChildren(...found)
      seen = text
    },
  }
}

export interface JudgeLamp {
  node: HTMLElement
  update: (view: PanelView) => void
}

export const judgeLamp = (words: Words): JudgeLamp => {
  const lamps = (['rec', 'fault'] as const).map((lamp) => lampView(words, lamp))
  const said = h('p', { class: 'unseen', 'aria-live': 'polite', 'data-said': 'judge' })
  const node = h(
    'div',
    { class: 'judge-lamp', role: 'group', 'aria-label': words.judgeLamp },
    h('span', { class: 'title' }, words.judgeLamp),
    h('div', { class: 'face' }, ...lamps.map((lamp) => lamp.node)),
    said,
  )
  return {
    node,
    update: (view) => {
      for (const lamp of lamps) lamp.update(view)
      setText(said, `${words.judgeLamp}: ${lampsInWords(words, view)}`)
    },
  }
}
