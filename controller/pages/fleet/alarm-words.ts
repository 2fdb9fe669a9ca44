/** An alarm in the reader's language, by its code; what the page has no words for stays as it was sent. */
import type { AlarmRow } from '../../wire/console.ts'
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
