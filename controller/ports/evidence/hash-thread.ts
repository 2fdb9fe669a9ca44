/** THREAD. Hashes ranges of files for `hash-threads.ts`, one batch after another. */
import { parentPort } from 'node:worker_threads'
import type { ByteRange } from '../../journal/verify/files.ts'
import { hashRanges } from './hash-ranges.ts'

parentPort?.on('message', ({ path, ranges }: { path: string; ranges: ByteRange[] }) =>
  parentPort?.postMessage(hashRanges(path, ranges)),
)
