/**
 * The exact texts that are signed, as README.md gives them. Both sides use them: whoever signs, and whoever checks.
 * Each names its purpose first, so that a signature for one can never pass for another.
 */
import type { SignedPlace } from './entry.ts'

const lines = (...parts: (string | number)[]): string => parts.map((part) => `${part}\n`).join('')

/** A place, and when it was signed: `utc` and `monoMs` as they stand in the signature's own line. */
export interface SignedMoment extends SignedPlace {
  utc: string
  monoMs: number
}

/** What a device signs: a place in the journal of a hearing, and the time in the line of this signature. */
export const signaturePayload = (hearing: string, { upto, head, utc, monoMs }: SignedMoment): string =>
  lines('verbatim-signature/1', hearing, upto, head, utc, monoMs)

/** What a witness signs: that it was shown this place of this device's journal at this time. */
export const receiptPayload = (
  deviceKey: string,
  hearing: string,
  { upto, head }: SignedPlace,
  receivedUtc: string,
): string => lines('verbatim-receipt/1', deviceKey, hearing, upto, head, receivedUtc)
