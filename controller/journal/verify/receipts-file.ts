import { LineCutter } from '../cut.ts'
import type { ReceiptEntry } from '../entry.ts'
import { FIRST_PREV } from '../line.ts'
import { wrongField } from '../shape.ts'
import { chunksOf, type Fault, type HearingFiles, isFault, SPOILED_LINES_MOST } from './files.ts'
import type { Place } from './finding.ts'

const MOST_BYTES = 256 * 1024

/** A receipt of the file, or a line that is none. */
export interface FiledReceipt {
  receipt: ReceiptEntry | null
  place: Place
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a line of a journal has beside the receipt, so that the same check of form serves both. */
const FRAME = { n: 0, utc: '2000-01-01T00:00:00.000Z', monoMs: 0, kind: 'receipt', prev: FIRST_PREV }

const parseReceipt = (bytes: Uint8Array): ReceiptEntry | null => {
  try {
    const text = decoder.decode(bytes)
    const json = JSON.parse(text) as ReceiptEntry
    return JSON.stringify(json) === text && wrongField({ ...json, ...FRAME }) === null ? json : null
  } catch {
    return null
  }
}

const EXCESSIVE: Fault = { why: 'unreadable', code: '', detail: 'too many of its lines are no receipts' }

/** Reads receipts, one JSON object a line; a fault is the last item. A file that is not there holds none. */
export async function* receiptsIn(
  files: Pick<HearingFiles, 'read'>,
  path: string,
): AsyncGenerator<FiledReceipt | Fault> {
  const cutter = new LineCutter(MOST_BYTES)
  let spoiled = 0
  for await (const chunk of chunksOf(files, path)) {
    if (isFault(chunk)) {
      yield chunk
      return
    }
    for (const { offset, length, bytes } of cutter.push(chunk)) {
      const receipt = bytes && parseReceipt(bytes)
      if (!receipt) spoiled++
      yield { receipt, place: { file: path, offset, bytes: length } }
    }
    if (spoiled > SPOILED_LINES_MOST) {
      yield EXCESSIVE
      return
    }
  }
  if (cutter.rest) yield { receipt: null, place: { file: path, offset: cutter.offset, bytes: cutter.rest } }
}
