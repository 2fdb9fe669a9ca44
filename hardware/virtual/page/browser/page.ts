/** The whole page in one language. It is made anew when another is chosen. */
import type { PanelButton } from '../../../../controller/wire/panel.ts'
import type { PageEvents, RoomView, SwitchView } from '../view.ts'
import { h, setAttribute, setText } from './dom.ts'
import type { HoldButton } from './hold-button.ts'
import { drawLevels } from './levels.ts'
import { type FrontPanel, frontPanel, type JudgeLamp, judgeLamp } from './panel-view.ts'
import { recorderWords } from './recorder-view.ts'
import { scenery } from './scene.ts'
import { type Complain, type SwitchButton, switchButton } from './switch-button.ts'
import type { Words } from './words/words.ts'

export interface Page {
  node: HTMLElement
  buttons: Readonly<Record<PanelButton, HoldButton>>
  /** By id. */
  switches: ReadonlyMap<string, SwitchButton>
  room: (view: PageEvents['room']) => void
  panels: (view: PageEvents['panels']) => void
  recorder: (view: PageEvents['recorder']) => void
}

/** Where the switches of each kind stand. */
const PLACE_OF: Readonly<Record<SwitchView['kind'], 'scene' | 'rack'>> = {
  ...{ camera: 'scene', microphone: 'scene' },
  ...{ panel: 'rack', interface: 'rack', disk: 'rack', 'bay-fault': 'rack', mains: 'rack', battery: 'rack' },
  ...{ case: 'rack', temperature: 'rack', recorder: 'rack' },
}

const section = (name: string, title: string, ...children: (Node | string)[]): HTMLElement =>
  h(
    'section',
    { class: `card ${name}`, 'aria-labelledby': `title-${name}` },
    h('h2', { id: `title-${name}` }, title),
    ...children,
  )

const outputLines = (words: Words, outputs: RoomView['outputs']): HTMLElement[] =>
  Object.entries(outputs).map(([name, isOn]) =>
    h(
      'li',
      { class: isOn ? 'on' : 'off', 'data-output': name },
      `${(words.outputs as Record<string, string>)[name] ?? name}: ${isOn ? words.outputOn : words.outputOff}`,
    ),
  )

export const makePage = (words: Words, complain: Complain): Page => {
  const switches = new Map<string, SwitchButton>()
  const places = {
    scene: h('div', { class: 'things' }),
    rack: h('div', { class: 'units' }),
  }
  const outputs = h('ul', { class: 'outputs' })
  const front: FrontPanel = frontPanel(words, complain)
  const lamp: JudgeLamp = judgeLamp(words)
  const recorder = recorderWords(words)
  const scene = section('scene', words.scene, h('div', { class: 'stage' }, scenery(), lamp.node, places.scene))
  const panel = section('panel', words.panel, front.node, h('p', { class: 'about' }, words.panelAbout))
  const rack = section('rack', words.rack, places.rack, outputs)
  const node = h(
    'main',
    { id: 'main', tabindex: '-1' },
    h('div', { class: 'room' }, scene, h('div', { class: 'desk-and-rack' }, panel, rack)),
    section('words', words.recorder, recorder.node),
  )
  for (const part of [panel, lamp.node]) part.hidden = true

  return {
    node,
    buttons: front.buttons,
    switches,
    room: (view) => {
      for (const one of view.switches) {
        const known = switches.get(one.id)
        if (known) known.update(one)
        else {
          const button = switchButton(words, one, complain)
          switches.set(one.id, button)
          places[PLACE_OF[one.kind]].append(button.node)
        }
      }
      outputs.replaceChildren(...outputLines(words, view.outputs))
    },
    panels: (views) => {
      for (const view of views) {
        const part = view.role === 'clerk' ? panel : lamp.node
        part.hidden = false
        if (view.role === 'clerk') front.update(view)
        if (view.role === 'judge') lamp.update(view)
      }
    },
    recorder: (view) => {
      recorder.update(view)
      drawLevels(switches, view)
      if (view.is === 'answering') setText(document.querySelector('.room-name')!, view.status.room)
      setAttribute(document.documentElement, 'data-lamp', view.is === 'answering' ? view.status.lamp : 'dark')
    },
  }
}
