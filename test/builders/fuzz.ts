/** Verifies hearings whose journal is fuzzed: none may make the verifier throw, keep it long, or deceive it. */
import { type Verdict, type Verification, verifyHearing } from '../../controller/journal/verify/verify.ts'
import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import { Chance } from './chance.ts'
import { fullHearing } from './full-hearing.ts'
import { fuzzedJournal } from './fuzz-journal.ts'
import { memoryFiles } from './memory-files.ts'
import { rememberingProof } from './remembering-proof.ts'
import { hub } from './vectors/people.ts'

export interface Fuzzed {
  count: number
  /** How often each verdict was given. */
  verdicts: Record<Verdict, number>
  /** Seeds of the journals at which it threw. */
  crashed: { seed: number; fault: unknown }[]
  /** Seeds of the journals that were found authentic although a line that was signed had changed. */
  deceived: number[]
  /** The longest that it took over one journal. */
  slowestMs: number
  slowestSeed: number
}

/** Whether it calls a hearing authentic whose signed lines are not those that were signed. */
const isDeceived = ({ verdict, signed }: Verification, good: readonly string[], journal: Buffer): boolean => {
  if (!verdict.startsWith('authentic')) return false
  const vouched = `${good.slice(0, (signed?.upto ?? -1) + 1).join('\n')}\n`
  return !signed || !journal.toString('latin1').startsWith(Buffer.from(vouched).toString('latin1'))
}

/** @param from seed of the first journal; each next has the next, and every one can be made again alone */
export const fuzz = async (count: number, from = 0): Promise<Fuzzed> => {
  const folder = await fullHearing()
  const good = folder.get('journal.ndjson')!.toString('utf8').trimEnd().split('\n')
  const proof = rememberingProof(nodeProof([hub.certificate]))
  const verdicts = { authentic: 0, 'authentic-with-remarks': 0, 'not-authentic': 0, unknown: 0 }
  const fuzzed: Fuzzed = { count, verdicts, crashed: [], deceived: [], slowestMs: 0, slowestSeed: from }
  for (let seed = from; seed < from + count; seed++) {
    const journal = fuzzedJournal(good, new Chance(seed))
    const began = performance.now()
    try {
      const files = memoryFiles(new Map([...folder, ['journal.ndjson', journal]]))
      const verification = await verifyHearing(files, proof)
      verdicts[verification.verdict]++
      if (isDeceived(verification, good, journal)) fuzzed.deceived.push(seed)
    } catch (fault) {
      fuzzed.crashed.push({ seed, fault })
    }
    const tookMs = performance.now() - began
    if (tookMs > fuzzed.slowestMs) Object.assign(fuzzed, { slowestMs: tookMs, slowestSeed: seed })
  }
  return fuzzed
}
