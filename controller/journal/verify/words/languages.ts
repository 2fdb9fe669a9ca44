import { en } from './en.ts'
import { kk } from './kk.ts'
import { ru } from './ru.ts'
import type { Words } from './words.ts'

/** The languages that a verification speaks. */
export const LANGUAGES = { en, ru, kk } satisfies Record<string, Words>

export type Language = keyof typeof LANGUAGES
