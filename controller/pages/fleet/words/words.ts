/** Which language the page speaks: what was chosen here before, or the browser's, or English. */
import { dearestOf } from '../../shared/languages.ts'
import { en, type Words } from './en.ts'
import { kk } from './kk.ts'
import { kkTroubleToDo } from './kk-trouble-to-do.ts'
import { ru } from './ru.ts'
import { ruTroubleToDo } from './ru-trouble-to-do.ts'

export type { Words }

export const LANGUAGES = { en, ru, kk } as const
export type Language = keyof typeof LANGUAGES

export type TroubleWords = Record<keyof Words['troubles'], string>

/** What to do about each trouble that a recorder tells of. Null: it says so itself, in English. */
export const TROUBLE_TO_DO: Record<Language, TroubleWords | null> = { en: null, ru: ruTroubleToDo, kk: kkTroubleToDo }

/** @param wished such as `kk-KZ`, the dearest first */
export const languageOf = (wished: readonly string[]): Language => dearestOf(LANGUAGES, 'en', wished)
