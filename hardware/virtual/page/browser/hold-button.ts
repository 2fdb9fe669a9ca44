/** A button of the panel: down as long as a finger, a mouse button or a key is, as the firmware wants to know. */
import type { PanelButton } from '../../../../controller/wire/panel.ts'
import { h } from './dom.ts'
import { icon } from './icons.ts'
import { BUTTON_KEYS } from './keys.ts'
import type { Words } from './words/words.ts'

export interface HoldButton {
  node: HTMLButtonElement
  down: () => void
  up: () => void
}

/** How long a press lasts that comes from a screen reader, which knows only clicks. */
const TAP_MS = 120

const isPressing = (event: KeyboardEvent): boolean => event.code === 'Space' || event.code === 'Enter'

export const holdButton = (words: Words, button: PanelButton, tell: (isDown: boolean) => void): HoldButton => {
  const key = BUTTON_KEYS[button]
  const node = h(
    'button',
    { type: 'button', class: `press ${button}`, 'data-button': button, 'aria-keyshortcuts': key },
    h('span', { class: 'cap' }, icon(button)),
    h('span', { class: 'name' }, words.buttons[button]),
    h('kbd', { 'aria-hidden': 'true' }, key),
  )
  let isDown = false
  const set = (wanted: boolean): void => {
    if (isDown === wanted) return
    isDown = wanted
    node.classList.toggle('down', wanted)
    tell(wanted)
  }
  const down = () => set(true)
  const up = () => set(false)
  node.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    node.setPointerCapture(event.pointerId)
    down()
  })
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const)
    node.addEventListener(end, up)
  node.addEventListener('contextmenu', (event) => event.preventDefault())
  node.addEventListener('keydown', (event) => {
    if (!isPressing(event)) return
    // Otherwise it would come a second time, as a click.
    event.preventDefault()
    if (!event.repeat) down()
  })
  node.addEventListener('keyup', (event) => {
    if (isPressing(event)) up()
  })
  node.addEventListener('click', (event) => {
    if (event.detail !== 0 || isDown) return
    down()
    setTimeout(up, TAP_MS)
  })
  return { node, down, up }
}
