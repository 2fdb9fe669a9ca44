/**
 * Puts back what a disk has lost or spoiled, fragment by fragment, from the other disk: only bytes that have the hash of
 * the journal, and only after what stood there was set aside.
 */
import { createHash } from 'node:crypto'
import { constants, copyFile, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { codeOf } from '../../base/error.ts'
import { setAsidePath } from '../../base/set-aside.ts'

export interface LostRange {
  /** Path inside the hearing's folder. */
  file: string
  offset: number
  bytes: number
  sha256: string
}

export interface Repair {
  /** The stores' own folders. */
  from: string
  to: string
  hearing: string
  ranges: readonly LostRange[]
  /**
   * `spoiled`: it was confirmed once, so what stands there now is kept aside. `torn`: a cut-off write, never confirmed;
   * only a file that reaches as far as the range is mended, for any other is brought over whole.
   */
  what: 'spoiled' | 'torn'
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The ranges that are whole now, each read back. Those that the other disk does not have whole are left. Throws what the disks throw. */
export const repairRanges = async ({ from, to, hearing, ranges, what }: Repair): Promise<LostRange[]> => {
  const repaired: LostRange[] = []
  for (const file of new Set(ranges.map((range) => range.file))) {
    const [theirs, ours] = [join(from, hearing, file), join(to, hearing, file)]
    const good: { range: LostRange; bytes: Buffer }[] = []
    for (const range of ranges.filter((one) => one.file === file)) {
      if (what === 'torn' && (await lengthOf(ours)) < range.offset) break
      const bytes = await readRange(theirs, range)
      if (sha256(bytes) !== range.sha256) continue
      good.push({ range, bytes })
      // One at a time: each reaches to where the next begins.
      if (what === 'torn') await put(ours, good.slice(-1))
    }
    if (!good.length) continue
    if (what === 'spoiled') {
      await keepAside(ours, setAsidePath(to, hearing, file, Date.now()))
      await put(ours, good)
    }
    for (const { range } of good) if (sha256(await readRange(ours, range)) === range.sha256) repaired.push(range)
  }
  return repaired
}

/** -1 when it is not there. */
const lengthOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => -1,
  )

const readRange = async (path: string, { offset, bytes }: LostRange): Promise<Buffer> => {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** A file that is gone leaves nothing to keep; one of which a part cannot be read is kept by what stays in its place. */
const keepAside = async (path: string, aside: string): Promise<void> => {
  await makeFolders(dirname(aside))
  await copyFile(path, aside, constants.COPYFILE_FICLONE).catch((fault: unknown) => {
    if (codeOf(fault) !== 'ENOENT' && codeOf(fault) !== 'EIO') throw fault
  })
}

const put = async (path: string, pieces: readonly { range: LostRange; bytes: Buffer }[]): Promise<void> => {
  await makeFolders(dirname(path))
  const file = await open(path, constants.O_RDWR | constants.O_CREAT)
  try {
    for (const { range, bytes } of pieces) await writeAll(file, bytes, range.offset)
    await file.datasync()
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
}
