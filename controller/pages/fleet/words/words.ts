/** Which language the page speaks: what was chosen here before, or the browser's, or English. */
import { dearestOf } from '../../shared/languages.ts'
import { en, type Words } from './en.ts'
import { kk } from './kk.ts'
import { ru } from './ru.ts'

export type { Words }

export const LANGUAGES = { en, ru, kk } as const
export type Language = keyof typeof LANGUAGES

/** @param wished such as `kk-KZ`, the dearest first */
export const languageOf = (wished: readonly string[]): Language => dearestOf(LANGUAGES, 'en', wished)
