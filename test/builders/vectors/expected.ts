/** What `expected.json` says, and how it is found out: in Node and in browsers alike. */
import type { Finding } from '../../../controller/journal/verify/finding.ts'
import type { Proof } from '../../../controller/journal/verify/proof.ts'
import { type Verdict, verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { filesInMemory } from '../files-in-memory.ts'

/** A finding without its words, which every verifier chooses for itself. */
export type ExpectedFinding = Omit<Finding, 'about'>

/** Content of `expected.json`. */
export interface Expected {
  shows: string
  /** What the verifier is given, above the vector's folder and in it. */
  trust: '../trust.pem' | null
  receipts: 'receipts.ndjson' | null
  verdict: Verdict
  findings: ExpectedFinding[]
}

export type Found = Pick<Expected, 'verdict' | 'findings'>

/** A vector as a stranger reads it. */
export interface PublishedVector {
  name: string
  folder: ReadonlyMap<string, Uint8Array>
  receipts: Uint8Array | null
  expected: Expected
}

export const RECEIPTS = 'receipts.ndjson'

const withoutWords = ({ about, ...finding }: Finding): ExpectedFinding => finding

/** What the verifier finds in a vector, in the form of `expected.json`. */
export const foundIn = async (
  { folder, receipts }: Pick<PublishedVector, 'folder' | 'receipts'>,
  proof: Proof,
): Promise<Found> => {
  const inMemory = (files: ReadonlyMap<string, Uint8Array>) => filesInMemory(files, proof.sha256)
  const beside = receipts && { files: inMemory(new Map([[RECEIPTS, receipts]])), path: RECEIPTS }
  const { verdict, findings } = await verifyHearing(inMemory(folder), proof, beside ? { receipts: beside } : {})
  return { verdict, findings: findings.map(withoutWords) }
}
