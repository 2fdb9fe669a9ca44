import { basename, dirname } from 'node:path'
import type { Proof } from '../../journal/verify/proof.ts'
import { type Verification, verifyHearing } from '../../journal/verify/verify.ts'
import type { Receipts } from './asked-witness.ts'
import { HearingFolder } from './hearing-folder.ts'
import { mediaProgress } from './media-progress.ts'

export interface VerifyFolderOptions {
  /** The hearing's folder on the other disk. */
  mirror?: string | undefined
  /** A file of receipts, such as the witness itself hands out, or what it answered. */
  receipts?: string | Receipts | undefined
  /** Threads that hash; as many as are useful when left out. */
  threads?: number | undefined
  /** Bytes of media looked at so far, and in all. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** Verifies a hearing's folder, its mirror, or a copy. Writes nothing; does not throw for what the folder holds. */
export const verifyFolder = async (
  dir: string,
  proof: Proof,
  { mirror, receipts, threads, onProgress }: VerifyFolderOptions = {},
): Promise<Verification> => {
  const progress = mediaProgress(onProgress)
  const files = new HearingFolder(dir, { threads, onBytes: progress.add })
  const beside = (path: string) => new HearingFolder(path, { threads: 0 })
  try {
    return await verifyHearing(files, proof, {
      ...(mirror === undefined ? {} : { mirror: beside(mirror) }),
      receipts:
        typeof receipts === 'string' ? { files: beside(dirname(receipts)), path: basename(receipts) } : receipts,
      onList: progress.begin,
    })
  } finally {
    progress.end()
    await files.close()
  }
}
