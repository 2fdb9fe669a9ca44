/** For the court: what was locked away, opened with its private key and given back fragment by fragment. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { sha256Of } from './read-range.ts'
import { lockedPath, type SealedRange } from './sealed-ranges.ts'

/**
 * Yields the bytes of the ranges, which are those of one seal in one segment file. Throws SEALED_UNREADABLE when the
 * encrypted file is not there, is for another key, or holds something else than was recorded.
 */
export async function* openSealed(
  dir: string,
  segment: string,
  ranges: readonly SealedRange[],
  keys: readonly string[],
): AsyncGenerator<Buffer> {
  const path = join(dir, lockedPath(ranges[0]!.seal, segment))
  try {
    // Only here: no other command should wait for ciphers to be loaded.
    const { Decrypter } = await import('age-encryption')
    const decrypter = new Decrypter()
    for (const key of keys) decrypter.addIdentity(key)
    const file = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>
    const plain = (await decrypter.decrypt(file))[Symbol.asyncIterator]()
    let held = Buffer.alloc(0)
    for (const { bytes, sha256, offset } of ranges) {
      const pieces = [held]
      for (let length = held.length; length < bytes; ) {
        const { value, done } = await plain.next()
        if (done) throw new Error(`it ends before the fragment at ${offset}`)
        pieces.push(Buffer.from(value))
        length += value.length
      }
      held = Buffer.concat(pieces)
      const fragment = held.subarray(0, bytes)
      held = held.subarray(bytes)
      if (sha256Of(fragment) !== sha256) throw new Error(`the fragment at ${offset} is not what was recorded`)
      yield fragment
    }
  } catch (cause) {
    throw new VerbatimError('SEALED_UNREADABLE', `${path}: ${messageOf(cause)}`, { cause })
  }
}
