/** What goes to the page and comes back, as JSON. */
import type { Found } from '../builders/vectors/expected.ts'

/** Bytes are in base64. */
export interface PageQuestion {
  trust: string
  vectors: { name: string; trusted: boolean; folder: Record<string, string>; receipts: string | null }[]
}

/** What was found in each vector, by its name. */
export type PageAnswer = Record<string, Found>
