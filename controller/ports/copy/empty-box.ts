/** What stands in the place of a sealed fragment: one box of type `free`, filled with zeros (journal/README.md, Seals). */
import type { FileHandle } from 'node:fs/promises'
import { writeAll } from '../../base/durable.ts'
import { boxAt } from '../../media/box-reader.ts'

/** A file's head, as far as its first fragment begins with it: it stays, or nothing of the file could be played. */
const HEAD = new Set(['ftyp', 'uuid', 'moov'])
const BOX_HEAD_BYTES = 8

/** Writes the box into `target`, with the head before it where `source` has one. */
export const writeEmptyBox = async (
  source: FileHandle,
  target: FileHandle,
  { offset, bytes }: { offset: number; bytes: number },
): Promise<void> => {
  const head = offset === 0 ? await headOf(source, bytes) : Buffer.alloc(0)
  await writeAll(target, Buffer.concat([head, emptyBox(bytes - head.length)]), offset)
}

/** Whether the range holds the box already. */
export const isEmptied = async (
  file: FileHandle,
  { offset, bytes }: { offset: number; bytes: number },
): Promise<boolean> => {
  const head = offset === 0 ? await headOf(file, bytes) : Buffer.alloc(0)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset)
  return bytesRead === bytes && buffer.subarray(head.length).equals(emptyBox(bytes - head.length))
}

const emptyBox = (bytes: number): Buffer => {
  const box = Buffer.alloc(bytes)
  box.writeUInt32BE(bytes, 0)
  box.write('free', 4, 'latin1')
  return box
}

/** A head that cannot be read, or leaves no room for the box, does not stay: nothing sealed may slip out with it. */
const headOf = async (source: FileHandle, limit: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(limit)
  const { bytesRead } = await source.read(bytes, 0, limit, 0)
  for (let at = 0; at + BOX_HEAD_BYTES <= bytesRead; ) {
    const box = boxIn(bytes, at)
    if (!box) break
    if (!HEAD.has(box.type)) return bytes.subarray(0, at)
    at += box.bytes
  }
  return Buffer.alloc(0)
}

const boxIn = (bytes: Buffer, at: number) => {
  try {
    return boxAt(bytes, at)
  } catch {
    return null
  }
}
