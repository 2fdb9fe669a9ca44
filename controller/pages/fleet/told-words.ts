/** What a recorder tells, in the reader's language, by its code; what the page has no words for stays as it was sent. */
import type { AlarmRow, EventRow } from '../../wire/console.ts'
import type { OrderResult } from '../../wire/fleet/order.ts'
import { LANGUAGES, type Language, TROUBLE_TO_DO } from './words/words.ts'

export interface AlarmWords {
  text: string
  toDo: string
}

const inWords = (words: Readonly<Record<string, string>>, code: string): string | undefined =>
  Object.hasOwn(words, code) ? words[code] : undefined

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1)

/** The recorder speaks English, with what it measured; its alarms are named by their code in any other language. */
export const alarmWords = ({ hub, alarm }: Pick<AlarmRow, 'hub' | 'alarm'>, language: Language): AlarmWords => {
  const { hubAlarms, hubToDo, troubles } = LANGUAGES[language]
  const { code, text, toDo } = alarm
  if (hub) return { text: inWords(hubAlarms, code) ?? text, toDo: inWords(hubToDo, code) ?? toDo }
  const translated = TROUBLE_TO_DO[language]
  if (!translated) return { text, toDo }
  const name = inWords(troubles, code)
  return { text: name === undefined ? text : capital(name), toDo: inWords(translated, code) ?? toDo }
}

const FIELDS_SHOWN = 4

/** An alarm by its name; of any other event what the recorder noted. */
export const eventWords = ({ kind, data }: Pick<EventRow, 'kind' | 'data'>, language: Language): string => {
  const { id } = data
  if (typeof id === 'string' && (kind === 'alarm-raised' || kind === 'alarm-cleared')) {
    const [code = '', ...about] = id.split('-')
    const name = inWords(LANGUAGES[language].troubles, code)
    if (name !== undefined) return about.length ? `${name} (${about.join('-')})` : name
  }
  return Object.entries(data)
    .slice(0, FIELDS_SHOWN)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ')
}

/** What became of an order. */
export const resultWords = ({ fault, text }: Pick<OrderResult, 'fault' | 'text'>, language: Language): string =>
  (language !== 'en' && fault && inWords(LANGUAGES[language].orderFaults, fault)) || text
