/** Brings page, line and keys together. */
import { PANEL_BUTTONS } from '../../../../controller/wire/panel.ts'
import type { PageEvents } from '../view.ts'
import { h, setText } from './dom.ts'
import { BUTTON_KEYS, letterOf, SWITCH_KEYS } from './keys.ts'
import { listen } from './link.ts'
import { makePage, type Page } from './page.ts'
import { LANGUAGES, type Language, languageOf } from './words/words.ts'

const find = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E
const kept = (name: string): string | null => {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
const keep = (name: string, value: string): void => {
  try {
    localStorage.setItem(name, value)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

const language = find<HTMLSelectElement>('language')
const theme = find<HTMLSelectElement>('theme')
const keysOn = find<HTMLInputElement>('keys-on')
const notice = find('notice')
const last: Partial<PageEvents> = {}
let page: Page
let isConnected = true

const words = () => LANGUAGES[language.value as Language]

const complain = (text: string): void => {
  setText(notice, text)
  notice.classList.toggle('bad', text !== '')
}

const speak = (): void => {
  const said = words()
  document.documentElement.lang = language.value
  document.title = said.title
  for (const [id, text] of [
    ['subtitle', said.subtitle],
    ['title', said.title],
    ['language-label', said.languageLabel],
    ['theme-label', said.theme.label],
    ['keys-label', said.keysOn],
    ['keys-title', said.keys],
    ['keys-help', said.keysHelp],
  ] as const)
    setText(find(id), text)
  for (const option of theme.options) option.text = said.theme[option.value as keyof typeof said.theme]
  page = makePage(said, complain)
  document.getElementById('main')?.replaceWith(page.node)
  if (last.room) page.room(last.room)
  if (last.panels) page.panels(last.panels)
  if (last.recorder) page.recorder(last.recorder)
}

const paint = (): void => {
  document.documentElement.dataset['theme'] = theme.value
}

for (const [code, { language: name }] of Object.entries(LANGUAGES)) language.append(h('option', { value: code }, name))
language.value = languageOf([kept('language') ?? '', ...navigator.languages])
theme.value = kept('theme') ?? 'auto'
keysOn.checked = kept('keys') !== 'off'
language.addEventListener('change', () => {
  keep('language', language.value)
  speak()
})
theme.addEventListener('change', () => {
  keep('theme', theme.value)
  paint()
})
keysOn.addEventListener('change', () => keep('keys', keysOn.checked ? 'on' : 'off'))

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('select, input:not([type=checkbox]), textarea')

const letGo = (): void => {
  for (const button of PANEL_BUTTONS) page.buttons[button].up()
}

document.addEventListener('keydown', (event) => {
  const letter = letterOf(event.code)
  if (!letter || !keysOn.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return
  if (isTyping(event.target)) return
  const button = PANEL_BUTTONS.find((one) => BUTTON_KEYS[one] === letter)
  if (button) page.buttons[button].down()
  const id = Object.keys(SWITCH_KEYS).find((one) => SWITCH_KEYS[one] === letter)
  if (id) page.switches.get(id)?.node.click()
})
document.addEventListener('keyup', (event) => {
  const letter = letterOf(event.code)
  const button = PANEL_BUTTONS.find((one) => BUTTON_KEYS[one] === letter)
  if (button) page.buttons[button].up()
})
// A key that is let go in another window is never told here.
window.addEventListener('blur', letGo)
window.addEventListener('pagehide', letGo)

paint()
speak()
listen({
  room: (view) => {
    last.room = view
    page.room(view)
  },
  panels: (view) => {
    last.panels = view
    page.panels(view)
  },
  recorder: (view) => {
    last.recorder = view
    page.recorder(view)
  },
  connection: (isThere) => {
    if (isThere === isConnected) return
    isConnected = isThere
    document.body.classList.toggle('alone', !isThere)
    complain(isThere ? '' : words().connection.lost)
  },
})
