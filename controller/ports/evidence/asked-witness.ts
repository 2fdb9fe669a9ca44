/** Asks a witness, or a hub, for every receipt that it has of a hearing. */
import { VerbatimError } from '../../base/error.ts'
import { get } from '../../base/post.ts'
import type { HearingFiles } from '../../journal/verify/files.ts'
import type { HearingNames } from './hearing-names.ts'

export interface AskedWitness {
  /** Its address, as it was given. */
  url: string
  /** How many lines it answered; whether each is a receipt, and of what worth, the verification says. */
  receipts: number
  /** Whether the connection proved whose server answered: by TLS, with the authority that was given. */
  proven: boolean
}

export interface Receipts {
  files: Pick<HearingFiles, 'read'>
  path: string
}

/** Some forty thousand receipts with their certificates: days of one every few seconds. */
const MOST_BYTES = 64 << 20
const WITHIN_MS = 120_000

/**
 * @param ca certificates in PEM that the server must lead to; null believes any, for each receipt is signed
 * Throws USAGE for an address that is none, NO_ANSWER, NOT_FOUND and ANSWER_INVALID.
 */
export const askWitness = async (
  address: string,
  { hearing, keys }: HearingNames,
  ca: string | null,
): Promise<{ asked: AskedWitness; receipts: Receipts }> => {
  const parts: Buffer[] = []
  let left = MOST_BYTES
  for (const key of keys) {
    const body = await receiptsAt(addressOf(address, key, hearing), ca, left)
    left -= body.length
    parts.push(body)
  }
  const all = Buffer.concat(parts)
  const receipts = all.toString('latin1').split('\n').length - 1
  const asked = { url: address, receipts, proven: ca !== null && /^https:/i.test(address) }
  return { asked, receipts: { path: address, files: { read: async (_, at, bytes) => all.subarray(at, at + bytes) } } }
}

const addressOf = (address: string, key: string, hearing: string): string => {
  if (!URL.canParse(address)) throw new VerbatimError('USAGE', `--receipts ${address} is no address.`)
  const base = new URL(address)
  // What is behind the path, a recorder's token perhaps, is not for this.
  return `${base.origin}${base.pathname.replace(/\/*$/, '')}/receipts/${key}/${encodeURIComponent(hearing)}`
}

const receiptsAt = async (url: string, ca: string | null, maxBytes: number): Promise<Buffer> => {
  const tls = ca === null ? { anyCertificate: true } : { ca }
  const { status, type, body } = await get({ url, maxBytes, withinMs: WITHIN_MS, ...tls })
  if (status === 404) throw new VerbatimError('NOT_FOUND', `${url}: neither a hub nor a witness answers there`)
  if (status === 429) throw new VerbatimError('NO_ANSWER', `${url}: it is asked too often, try again in a minute`)
  if (status !== 200) throw new VerbatimError('ANSWER_INVALID', `${url}: status ${status}`)
  if (!/^application\/x-ndjson\b/.test(type))
    throw new VerbatimError('ANSWER_INVALID', `${url}: ${type || 'something'} instead of receipts`)
  if (body.length && body.at(-1) !== 0x0a) throw new VerbatimError('ANSWER_INVALID', `${url}: the answer is cut off`)
  return body
}
