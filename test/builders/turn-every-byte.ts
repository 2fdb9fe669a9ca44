import { isDeepStrictEqual } from 'node:util'
import type { Proof } from '../../controller/journal/verify/proof.ts'
import { type Verification, verifyHearing } from '../../controller/journal/verify/verify.ts'
import { memoryFiles } from './memory-files.ts'

/** One bit of one byte of one file. */
export interface Turn {
  path: string
  at: number
  bit: number
}

export interface Untold extends Turn {
  /** Whether the verifier says exactly what it said before. */
  same: boolean
}

export interface Turned {
  count: number
  /** Turns after which the verifier says neither that the hearing is not authentic, nor anything new of that place. */
  untold: Untold[]
  /** Turns at which it threw. */
  crashed: (Turn & { fault: unknown })[]
}

/** What a verification found, and what it had found of the hearing as it was. */
interface Pair {
  was: Verification
  is: Verification
}

const namesPlace = ({ was, is }: Pair, { path, at }: Turn): boolean => {
  const known = new Set(was.findings.map((one) => JSON.stringify(one)))
  return is.findings.some((one) => {
    const { file, offset = 0, bytes = 0 } = one
    // The line feed stands behind the line.
    return file === path && at >= offset && at <= offset + bytes && !known.has(JSON.stringify(one))
  })
}

const isTold = (pair: Pair, turn: Turn): boolean => pair.is.verdict === 'not-authentic' || namesPlace(pair, turn)

/** Turns these bits of every byte of every file, one at a time, and verifies the hearing after each. */
export const turnEveryByte = async (
  folder: ReadonlyMap<string, Uint8Array>,
  proof: Proof,
  bits: readonly number[],
): Promise<Turned> => {
  const was = await verifyHearing(memoryFiles(folder), proof)
  const turned: Turned = { count: 0, untold: [], crashed: [] }
  for (const [path, whole] of folder) {
    const bytes = Uint8Array.from(whole)
    const files = memoryFiles(new Map([...folder, [path, bytes]]))
    for (let at = 0; at < bytes.length; at++)
      for (const bit of bits) {
        const turn = { path, at, bit }
        turned.count++
        bytes[at]! ^= 1 << bit
        try {
          const is = await verifyHearing(files, proof)
          if (!isTold({ was, is }, turn)) turned.untold.push({ ...turn, same: isDeepStrictEqual(was, is) })
        } catch (fault) {
          turned.crashed.push({ ...turn, fault })
        }
        bytes[at]! ^= 1 << bit
      }
  }
  return turned
}
