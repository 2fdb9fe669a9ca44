/** Strength of a tone in sound, by the Goertzel algorithm; 1 is a full-scale sine. */
export const toneStrength = (sound: Int16Array, rate: number, hz: number): number => {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let one = 0
  let two = 0
  for (const value of sound) {
    const next = value / 32_768 + turn * one - two
    two = one
    one = next
  }
  return (2 * Math.sqrt(one * one + two * two - turn * one * two)) / sound.length
}

/** The strongest of these tones. */
export const loudestTone = (sound: Int16Array, rate: number, tones: readonly number[]): number =>
  tones.reduce((best, hz) => (toneStrength(sound, rate, hz) > toneStrength(sound, rate, best) ? hz : best))
