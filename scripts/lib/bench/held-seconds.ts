/** What a hearing folder holds of a track, read from the files themselves: whole fragments, and nothing else. */
import { readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type Scan, scanFragments } from '../../../controller/media/box-reader.ts'

export interface Held {
  seconds: number
  /** Start of the first fragment on the hearing's media time line; null when there is none. */
  fromMs: number | null
}

export const scanFile = async (path: string): Promise<Scan> => {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const readAt = async (offset: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    }
    return await scanFragments(readAt, size)
  } finally {
    await file.close()
  }
}

/** The segment files of a track, in order; a power cut may have left none. */
export const segmentsOf = (hearing: string, track: string): string[] => {
  try {
    return readdirSync(join(hearing, track))
      .filter((name) => name.endsWith('.mp4'))
      .sort()
      .map((name) => join(hearing, track, name))
  } catch {
    return []
  }
}

export const heldOf = async (hearing: string, track: string): Promise<Held> => {
  const held: Held = { seconds: 0, fromMs: null }
  for (const path of segmentsOf(hearing, track)) {
    const { fragments, timescale, place } = await scanFile(path)
    if (!timescale || !place) continue
    if (fragments[0]) held.fromMs ??= ((place.startTicks + fragments[0].startTicks) * 1_000) / timescale
    for (const { durationTicks } of fragments) held.seconds += durationTicks / timescale
  }
  return held
}
