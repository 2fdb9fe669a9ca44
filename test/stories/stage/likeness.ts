/** How much one sound is like another, whatever their distance in time. */

/** Loudness of every `step` samples. */
export const envelope = (sound: Float32Array, step: number): Float32Array =>
  new Float32Array(Math.floor(sound.length / step)).map((_, i) => {
    let sum = 0
    for (let k = i * step; k < (i + 1) * step; k++) sum += sound[k]! * sound[k]!
    return Math.sqrt(sum / step)
  })

/** Pearson's correlation of `part` with `loop` from `lag` on; the loop begins again at its end. */
export const correlation = (part: Float32Array, loop: Float32Array, lag: number): number => {
  const { length } = part
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0]
  for (let i = 0, k = lag; i < length; i++, k++) {
    if (k >= loop.length) k -= loop.length
    const x = part[i]!
    const y = loop[k]!
    a += x
    b += y
    aa += x * x
    bb += y * y
    ab += x * y
  }
  const spread = Math.sqrt((aa - (a * a) / length) * (bb - (b * b) / length))
  return spread > 0 ? (ab - (a * b) / length) / spread : 0
}

/** The lag in [from, to) at which they are most alike. */
export const bestLag = (
  from: number,
  to: number,
  likeness: (lag: number) => number,
): { lag: number; value: number } => {
  let best = { lag: from, value: Number.NEGATIVE_INFINITY }
  for (let lag = from; lag < to; lag++) {
    const value = likeness(lag)
    if (value > best.value) best = { lag, value }
  }
  return best
}
