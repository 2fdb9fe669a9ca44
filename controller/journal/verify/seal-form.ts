/** How a sealed fragment looks in a copy: README.md, Seals. */
import { type ByteRange, type HearingFiles, isFault } from './files.ts'

const BLOCK_BYTES = 256 * 1024

/** What may stand before the empty box: nothing, or the head of the file, with the box that gives its place. */
const WHOLE_HEADS = ['', 'ftyp moov ', 'ftyp uuid moov ']
const HEADS = [...WHOLE_HEADS, 'ftyp ', 'ftyp uuid ']

interface Box {
  type: string
  bytes: number
  headBytes: number
}

const readBox = (head: Uint8Array): Box | null => {
  if (head.length < 8) return null
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const type = String.fromCharCode(...head.subarray(4, 8))
  const short = view.getUint32(0)
  if (short !== 1) return { type, bytes: short, headBytes: 8 }
  return head.length < 16 ? null : { type, bytes: Number(view.getBigUint64(8)), headBytes: 16 }
}

const isZero = async (files: HearingFiles, path: string, from: number, to: number): Promise<boolean> => {
  for (let at = from; at < to; ) {
    const block = await files.read(path, at, Math.min(BLOCK_BYTES, to - at))
    if (isFault(block) || block.length === 0 || block.some((byte) => byte !== 0)) return false
    at += block.length
  }
  return true
}

/** Whether the range holds what a copy has in place of a sealed fragment: one empty box, after a file's head or not. */
export const looksSealed = async (
  files: HearingFiles,
  path: string,
  { offset, bytes }: ByteRange,
): Promise<boolean> => {
  let at = offset
  const end = offset + bytes
  for (let seen = ''; HEADS.includes(seen); ) {
    const head = await files.read(path, at, Math.min(16, end - at))
    const box = isFault(head) ? null : readBox(head)
    if (!box || box.bytes < box.headBytes || box.bytes > end - at) return false
    if (box.type === 'free')
      return WHOLE_HEADS.includes(seen) && at + box.bytes === end && isZero(files, path, at + box.headBytes, end)
    at += box.bytes
    seen += `${box.type} `
  }
  return false
}
