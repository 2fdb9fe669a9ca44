/** A hearing's id is the name of its folder: date, time (UTC), room and case, legal on every file system. */
import { utcText } from '../base/units.ts'

/** Names may have 255 bytes on common file systems; room and case share what date and time leave. */
const SLUG_BYTES = 100

const bytesOf = (letter: string): number => {
  const code = letter.codePointAt(0)!
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** Letters and digits of any script stay, everything else becomes a single hyphen. */
export const slug = (text: string): string => {
  const hyphened = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  let bytes = 0
  let short = ''
  for (const letter of hyphened.replace(/^-/, '')) {
    bytes += bytesOf(letter)
    if (bytes > SLUG_BYTES) break
    short += letter
  }
  return short.replace(/-$/, '')
}

/** `2026-11-23_140512_courtroom-3_7599-26`. */
export const hearingId = (utcMs: number, room: string, caseNumber: string): string => {
  const utc = utcText(utcMs)
  const time = utc.slice(11, 19).replaceAll(':', '')
  return `${utc.slice(0, 10)}_${time}_${slug(room) || 'room'}_${slug(caseNumber) || 'no-case'}`
}
