import type { HearingFiles } from '../../controller/journal/verify/files.ts'
import type { Proof } from '../../controller/journal/verify/proof.ts'

const absent = { why: 'absent', code: 'ENOENT', detail: 'no such file' } as const
const OWN = /^(journal\.ndjson|receipts\.ndjson|hearing\.json|index\/.*)$/

/** A hearing's folder in memory, in Node and in browsers alike: path to bytes. */
export const filesInMemory = (files: ReadonlyMap<string, Uint8Array>, sha256: Proof['sha256']): HearingFiles => ({
  name: 'memory',
  atOnce: 1,
  list: async () => new Map([...files].filter(([path]) => !OWN.test(path)).map(([path, { length }]) => [path, length])),
  read: async (path, offset, length) => files.get(path)?.subarray(offset, offset + length) ?? absent,
  sha256: async (path, ranges) => {
    const bytes = files.get(path)
    if (!bytes) return { size: 0, hashes: ranges.map(() => absent) }
    const hashes = ranges.map(({ offset, bytes: length }) =>
      offset + length <= bytes.length ? sha256(bytes.subarray(offset, offset + length)) : ('missing' as const),
    )
    return { size: bytes.length, hashes }
  },
})
