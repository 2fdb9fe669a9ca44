/** Drills of the verifier: the tests' own, at full length. Each ends with a line that says how it went. */
import { everyTurnTold } from '../../test/builders/every-turn-told.ts'
import { fuzz } from '../../test/builders/fuzz.ts'

const ALL_BITS = [0, 1, 2, 3, 4, 5, 6, 7]
const SLOW_MS = 2_000

/** Verifies `count` fuzzed journals. Resolves with whether none made it throw, wait, or vouch for what nobody signed. */
export const drillFuzz = async (count: number): Promise<boolean> => {
  const { crashed, deceived, slowestMs, slowestSeed, verdicts } = await fuzz(count)
  for (const { seed, fault } of crashed.slice(0, 5)) console.log(`seed ${seed}:`, fault)
  for (const seed of deceived.slice(0, 5)) console.log(`seed ${seed}: found authentic, and is not`)
  const given = Object.entries(verdicts).map(([verdict, times]) => `${times} ${verdict}`)
  console.log(
    `${count} fuzzed journals: ${given.join(', ')}; ${crashed.length} made the verifier throw, ${deceived.length} ` +
      `deceived it; the slowest took ${Math.round(slowestMs)} ms (seed ${slowestSeed})`,
  )
  return crashed.length === 0 && deceived.length === 0 && slowestMs < SLOW_MS
}

/** Turns every bit of every byte of a hearing. Resolves with whether each turn was told. */
export const drillBytes = async (): Promise<boolean> => {
  const { count, silent, excused, crashed } = await everyTurnTold(ALL_BITS)
  for (const { path, at, bit, fault } of crashed.slice(0, 5)) console.log(`${path}:${at}:${bit}:`, fault)
  for (const turn of silent.slice(0, 20)) console.log(`${turn}: not told`)
  for (const [what, times] of excused) console.log(`${times} prove nothing: ${what}`)
  console.log(`${count} bits turned: ${silent.length} not told, ${crashed.length} made the verifier throw`)
  return silent.length === 0 && crashed.length === 0
}
