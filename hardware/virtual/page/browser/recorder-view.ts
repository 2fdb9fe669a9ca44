/** What the recorder says of itself, in its own words: the same that `scripts/verbatim status` shows. */
import type { Status } from '../../../../controller/wire/clerk.ts'
import type { HealthReason } from '../../../../controller/wire/health.ts'
import type { RecorderView } from '../view.ts'
import { h, setAttribute, setText } from './dom.ts'
import type { Words } from './words/words.ts'

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

const gigabytes = (bytes: number | null): string => (bytes === null ? '?' : `${(bytes / 1e9).toFixed(1)} GB`)

/** The recorder speaks English; a screen reader should know. */
const said = (tag: 'strong' | 'p' | 'code', text: string): HTMLElement => h(tag, { lang: 'en' }, text)

const reasonItem = (words: Words, { severity, clerk, toDo, engineer, code }: HealthReason): HTMLElement =>
  h(
    'li',
    { class: `reason ${severity}`, 'data-code': code },
    said('strong', clerk),
    h('p', {}, h('b', {}, `${words.todo}: `), h('span', { lang: 'en' }, toDo)),
    h('details', {}, h('summary', {}, words.engineer), said('code', `${code}: ${engineer}`)),
  )

const trackRow = (words: Words, track: Status['tracks'][number], isRecording: boolean): HTMLElement => {
  const { name, confirmedAgoMs, gaps, seconds } = track
  const fresh = isRecording && confirmedAgoMs !== null ? `${(confirmedAgoMs / 1_000).toFixed(1)} ${words.ago}` : '–'
  const isLate = isRecording && (confirmedAgoMs === null || confirmedAgoMs > 2_000)
  return h(
    'tr',
    isLate ? { class: 'late' } : {},
    h('th', { scope: 'row' }, name),
    h('td', {}, clock(seconds * 1_000)),
    h('td', {}, isLate ? `! ${fresh}` : fresh),
    h('td', {}, `${gaps}`),
  )
}

const storeItem = (words: Words, { name, state, freeBytes, hoursLeft }: Status['stores'][number]): HTMLElement =>
  h(
    'li',
    { class: state === 'good' ? 'good' : 'bad' },
    h('b', {}, name),
    ` ${words.storeStates[state] ?? state}`,
    state === 'good' && hoursLeft !== null
      ? `, ${gigabytes(freeBytes)} ${words.free}, ${hoursLeft.toFixed(1)} ${words.hoursLeft}`
      : '',
  )

export interface RecorderWords {
  node: HTMLElement
  update: (view: RecorderView) => void
}

/** Which details were open stays open, although the list is made anew. */
const openCodes = (list: Element): string[] =>
  [...list.querySelectorAll('details[open]')].map((one) => one.closest('li')?.dataset['code'] ?? '')

export const recorderWords = (words: Words): RecorderWords => {
  const verdict = h('p', { class: 'verdict', 'aria-live': 'polite' })
  const state = h('p', { class: 'room-state' })
  const meaning = h('p', { class: 'meaning' })
  const hearing = h('p', { class: 'hearing' })
  const reasons = h('ul', { class: 'reasons', 'aria-live': 'polite', 'aria-relevant': 'additions' })
  const stores = h('ul', { class: 'stores' })
  const rows = h('tbody')
  const tracks = h(
    'table',
    { class: 'tracks' },
    h('caption', {}, words.tracks),
    h(
      'thead',
      {},
      h('tr', {}, ...['', '', words.onDisk, words.gaps].map((head) => h('th', head ? { scope: 'col' } : {}, head))),
    ),
    rows,
  )
  const node = h('div', { class: 'recorder-words' }, verdict, state, hearing, meaning, reasons, tracks, stores)
  let reasonsText = ''

  const showReasons = (found: readonly HealthReason[]): void => {
    const text = JSON.stringify(found)
    if (text === reasonsText) return
    reasonsText = text
    const open = openCodes(reasons)
    reasons.replaceChildren(
      ...(found.length ? found.map((one) => reasonItem(words, one)) : [h('li', { class: 'none' }, words.nothingWrong)]),
    )
    for (const code of open)
      reasons.querySelector(`[data-code="${CSS.escape(code)}"] details`)?.setAttribute('open', '')
  }

  const silence = (code: string, text: string): void => {
    setAttribute(node, 'data-verdict', 'silent')
    setText(verdict, words.silent)
    setText(state, `${text} [${code}]`)
    for (const line of [hearing, meaning]) setText(line, '')
    reasonsText = ''
    for (const list of [reasons, rows, stores]) list.replaceChildren()
  }

  const show = (status: Status): void => {
    setAttribute(node, 'data-verdict', status.health.verdict)
    setAttribute(node, 'data-state', status.state)
    setText(verdict, words.verdicts[status.health.verdict])
    setText(state, words.states[status.state])
    setText(meaning, words.meanings[status.lamp])
    const time = status.mediaMs === null ? '' : clock(status.mediaMs)
    setText(
      hearing,
      status.hearing ? [status.case && `${words.case} ${status.case}`, time].filter(Boolean).join(' · ') : '',
    )
    showReasons(status.health.reasons)
    const isRecording = status.state === 'recording'
    rows.replaceChildren(...status.tracks.map((track) => trackRow(words, track, isRecording)))
    stores.replaceChildren(...status.stores.map((store) => storeItem(words, store)))
  }

  return { node, update: (view) => (view.is === 'answering' ? show(view.status) : silence(view.code, view.text)) }
}
