import { ChainWriter } from '../../controller/journal/chain.ts'
import type { EntryBody } from '../../controller/journal/entry.ts'
import { type JournalItem, JournalReader } from '../../controller/journal/read.ts'
import { sha256 } from './hash.ts'

/** Journal bytes of these bodies, one second apart. */
export const journalOf = (bodies: EntryBody[]): Buffer => {
  const writer = new ChainWriter(sha256)
  const lines = bodies.map((body, i) => writer.append(stampAt(i), body).line)
  return Buffer.from(lines.map((line) => `${line}\n`).join(''))
}

export const stampAt = (second: number) => ({
  utc: new Date(Date.UTC(2026, 10, 23, 9, 0, second)).toISOString(),
  monoMs: 5_000 + second * 1_000,
})

/** A few lines of every day. */
export const someBodies = (count: number): EntryBody[] =>
  Array.from({ length: count }, (_, i) =>
    i % 2
      ? { kind: 'mark', mediaMs: i * 1_000, note: `свидетель № ${i}`, by: 'clerk' }
      : { kind: 'configuration', sha256: sha256(Buffer.from(String(i))) },
  )

/** Everything a reader finds in `bytes`, fed in chunks of `chunkBytes`. */
export const readAll = (bytes: Uint8Array, chunkBytes = bytes.length || 1) => {
  const reader = new JournalReader(sha256)
  const items: JournalItem[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) items.push(...reader.push(bytes.subarray(at, at + chunkBytes)))
  items.push(...reader.end())
  return {
    reader,
    entries: items.flatMap((item) => (item.is === 'entry' ? [item.entry] : [])),
    faults: items.flatMap((item) => (item.is === 'fault' ? [item.fault.code] : [])),
  }
}
