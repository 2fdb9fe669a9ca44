import { randomBytes, randomInt } from 'node:crypto'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** Crockford's, without letters that people take for digits. */
const CODE_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What a device is called in the fleet: 80 bits by chance, that say nothing. */
export const newDeviceId = (): string => `vb-${Array.from(randomBytes(16), (byte) => BASE32[byte & 31]).join('')}`

const letters = (count: number): string =>
  Array.from({ length: count }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('')

/** A one-time code of 60 bits. */
export const newCode = (): string => `${letters(4)}-${letters(4)}-${letters(4)}`

/** A code as somebody wrote it into a file; null when it is none. */
export const codeIn = (text: string): string | null => {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(plain) ? plain.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3') : null
}
