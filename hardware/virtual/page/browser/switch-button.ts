/** A button for anything in the room that can be switched. Pressed means: as it should be. The words say how it is. */
import type { SwitchView } from '../view.ts'
import { h, setAttribute, setText } from './dom.ts'
import { icon } from './icons.ts'
import { SWITCH_KEYS } from './keys.ts'
import { order } from './link.ts'
import type { Words } from './words/words.ts'

export interface SwitchButton {
  id: string
  node: HTMLButtonElement
  /** Where a level or a few words about it may stand. */
  extra: HTMLElement
  update: (view: SwitchView) => void
}

/** Said when an order was refused. */
export type Complain = (text: string) => void

/** Without what it is, such as `judge` of `judge-camera`. */
const placeOf = (name: string): string => name.replace(/-(camera|mic)$/, '')

const isPlace = (words: Words, name: string): name is keyof Words['places'] => name in words.places

export const nameOf = (words: Words, { kind, name }: Pick<SwitchView, 'kind' | 'name'>): string => {
  const place = placeOf(name)
  if (kind === 'camera' || kind === 'microphone') return isPlace(words, place) ? words.places[place] : name
  if (kind === 'panel') return place === 'judge' ? `${words.judgeLamp}: USB` : words.kinds.panel
  return name ? `${words.kinds[kind]} ${name}` : words.kinds[kind]
}

const positionOf = (words: Words, position: string): string =>
  (words.positions as Readonly<Record<string, string>>)[position] ?? position

const nextOf = ({ positions }: SwitchView, position: string): string =>
  positions[(positions.indexOf(position) + 1) % positions.length]!

export const switchButton = (words: Words, first: SwitchView, complain: Complain): SwitchButton => {
  let view = first
  /** Ordered and not yet carried out: who presses twice means two steps on. */
  let wanted: string | null = null
  const key = SWITCH_KEYS[first.id]
  const state = h('span', { class: 'state' })
  const extra = h('span', { class: 'extra' })
  const node = h(
    'button',
    { type: 'button', class: `switch ${first.kind}`, 'data-id': first.id, 'aria-keyshortcuts': key },
    icon(first.kind),
    h('span', { class: 'name' }, nameOf(words, first)),
    state,
    extra,
    ...(key ? [h('kbd', { 'aria-hidden': 'true' }, key)] : []),
  )
  node.addEventListener('click', () => {
    const to = nextOf(view, wanted ?? view.position)
    wanted = to
    node.classList.add('turning')
    order('/turn', { switch: view.id, to })
      .catch((fault: Error) => complain(`${words.failed}: ${fault.message}`))
      .finally(() => {
        if (wanted !== to) return
        wanted = null
        node.classList.remove('turning')
      })
  })
  const update = (fresh: SwitchView): void => {
    view = fresh
    const said = positionOf(words, fresh.position)
    const kind = fresh.kind === 'camera' || fresh.kind === 'microphone' ? `, ${words.kinds[fresh.kind]}` : ''
    setAttribute(node, 'aria-pressed', String(fresh.position === fresh.positions[0]))
    setAttribute(node, 'aria-label', `${nameOf(words, fresh)}${kind}: ${said}`)
    setAttribute(node, 'title', `${words.turnTo} ${positionOf(words, nextOf(fresh, fresh.position))}`)
    setAttribute(node, 'data-position', fresh.position)
    setText(state, said)
  }
  update(first)
  return { id: first.id, node, extra, update }
}
