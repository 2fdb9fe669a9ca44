import { type Entry, type EntryBody, JOURNAL_VERSION } from './entry.ts'
import { JournalFault } from './fault.ts'
import { wrongField } from './shape.ts'

/** What line 0 carries as the hash of the line before it. */
export const FIRST_PREV = '0'.repeat(64)

/** When something was written down. */
export interface Stamp {
  /** Wall time, ISO 8601 with milliseconds. */
  utc: string
  /** CLOCK_MONOTONIC in milliseconds. */
  monoMs: number
}

/**
 * The exact text of a journal line, without its line feed. The chain hashes these very bytes (as UTF-8), so a reader
 * hashes what it finds and never what it would have written.
 * A number that is not finite becomes null, as JSON has it: better an odd level than a line that is not written.
 */
export const formatLine = (n: number, prev: string, stamp: Stamp, body: EntryBody): string => {
  const { kind, ...fields } = body
  return JSON.stringify({ v: JOURNAL_VERSION, n, utc: stamp.utc, monoMs: stamp.monoMs, kind, ...fields, prev })
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decode = (bytes: Uint8Array): { text: string; json: Record<string, unknown> } => {
  let json: unknown
  let text: string
  let again: string | undefined
  try {
    text = decoder.decode(bytes)
    json = JSON.parse(text)
    again = JSON.stringify(json)
  } catch (cause) {
    throw new JournalFault('malformed', 'the line is not JSON in UTF-8', { cause })
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new JournalFault('malformed', 'the line is not a JSON object')
  // A field named twice would let two readers disagree about what a line says; so would a second way to write it.
  if (again !== text) throw new JournalFault('malformed', 'the line is not in its one compact form')
  return { text, json: json as Record<string, unknown> }
}

/**
 * Reads a line (its bytes without the line feed). Throws a {@link JournalFault} with code `malformed`, `version` or
 * `field`. Says nothing about the line's place in the chain: that is the reader's work.
 */
export const parseLine = (bytes: Uint8Array): Entry => {
  const { text, json } = decode(bytes)
  if (json.v !== JOURNAL_VERSION)
    throw new JournalFault(
      'version',
      `version ${JSON.stringify(json.v)?.slice(0, 20)} where ${JOURNAL_VERSION} is known`,
    )
  const wrong = wrongField(json)
  if (wrong !== null)
    throw new JournalFault('field', `"${wrong}" of a line of kind ${JSON.stringify(json.kind)?.slice(0, 40)} is wrong`)
  if (
    !/^v,n,utc,monoMs,kind,(.*,)?prev$/s.test(Object.keys(json).join(',')) ||
    !text.endsWith(`,"prev":"${json.prev}"}`)
  )
    throw new JournalFault('malformed', 'the fields stand in another order than v, n, utc, monoMs, kind, ..., prev')
  return json as unknown as Entry
}
