/**
 * Receipts that come when the journal is closed: `receipts.ndjson` beside it, one JSON object a line. Nothing ties the
 * lines together, for each proves itself.
 */
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeAll } from '../../base/durable.ts'
import { onEachStore } from '../../base/each-store.ts'
import { VerbatimError } from '../../base/error.ts'
import { requireStore } from '../../base/store-marker.ts'
import type { ReceiptEntry } from '../../journal/entry.ts'

const LATE_RECEIPTS = 'receipts.ndjson'

/** Durable on every store that answers and holds the hearing; throws RECEIPT_UNKEPT when there is none. */
export const keepLateReceipt = async (
  stores: readonly { name: string; path: string }[],
  hearing: string,
  receipt: ReceiptEntry,
): Promise<void> => {
  const kept = await onEachStore(stores, ({ path }) => append(path, hearing, receipt))
  if (!kept.length) throw new VerbatimError('RECEIPT_UNKEPT', `no store holds ${hearing} and took its receipt`)
}

const append = async (store: string, hearing: string, receipt: ReceiptEntry): Promise<void> => {
  await requireStore(store)
  const folder = join(store, hearing)
  await stat(join(folder, 'journal.ndjson'))
  const file = await open(join(folder, LATE_RECEIPTS), 'a+').then(async (made) => {
    await made.close()
    // 'r+' writes at places.
    return open(join(folder, LATE_RECEIPTS), 'r+')
  })
  try {
    const before = await file.readFile()
    const line = JSON.stringify(receipt)
    // It was taken here, and by too few others to be told of.
    if (before.toString('utf8').split('\n').includes(line)) return
    // Half a line is what a power cut left; it was never confirmed.
    const whole = before.lastIndexOf(10) + 1
    await file.truncate(whole)
    await writeAll(file, Buffer.from(`${line}\n`), whole)
    await file.datasync()
  } finally {
    await file.close()
  }
  await syncFolder(folder)
}
