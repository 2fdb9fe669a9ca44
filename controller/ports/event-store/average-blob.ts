/** An average of ten minutes as it lies in the table: for each metric its mean (32-bit float) and how many it is of. */
import { METRIC_NAMES } from '../../wire/fleet/metrics.ts'

const EACH = 6
const MOST = 65_535

/** A metric that a newer version adds stands behind those that are there; one that never came has the count 0. */
export const toBlob = (sums: readonly number[], counts: readonly number[]): Buffer => {
  const blob = Buffer.alloc(sums.length * EACH)
  sums.forEach((sum, i) => {
    const count = Math.min(counts[i] ?? 0, MOST)
    blob.writeFloatLE(count ? sum / counts[i]! : 0, i * EACH)
    blob.writeUInt16LE(count, i * EACH + 4)
  })
  return blob
}

export const meanIn = (blob: Buffer, index: number): { mean: number; count: number } | null => {
  if ((index + 1) * EACH > blob.length) return null
  const count = blob.readUInt16LE(index * EACH + 4)
  return count ? { mean: blob.readFloatLE(index * EACH), count } : null
}

/** What came for the same ten minutes later, from a device that was offline. */
export const merged = (before: Buffer | undefined, sums: readonly number[], counts: readonly number[]): Buffer => {
  if (!before) return toBlob(sums, counts)
  const both = METRIC_NAMES.map((_, i) => {
    const { mean = 0, count = 0 } = meanIn(before, i) ?? {}
    return { sum: mean * count + (sums[i] ?? 0), count: count + (counts[i] ?? 0) }
  })
  return toBlob(
    both.map(({ sum }) => sum),
    both.map(({ count }) => count),
  )
}
