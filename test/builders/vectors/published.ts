/** The vectors as they are published: every file of `test/journal/vectors/` but its README.md. */
import { isDeepStrictEqual } from 'node:util'
import type { Finding } from '../../../controller/journal/verify/finding.ts'
import { type Verdict, verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { memoryFiles } from '../memory-files.ts'
import { VECTORS, type Vector } from './list.ts'
import { hub } from './people.ts'

/** A finding without its words, which every verifier chooses for itself. */
export type ExpectedFinding = Omit<Finding, 'about'>

/** Content of `expected.json`. */
export interface Expected {
  shows: string
  /** Beside the folder `hearing`, or above it: what the verifier is given. */
  trust: '../trust.pem' | null
  receipts: 'receipts.ndjson' | null
  verdict: Verdict
  findings: ExpectedFinding[]
}

export const RECEIPTS = 'receipts.ndjson'
export const TRUST = 'trust.pem'

const withoutWords = ({ about, ...finding }: Finding): ExpectedFinding => finding

/** Verifies a vector as `expected.json` says; what it finds, in the same form. */
export const foundIn = async (
  folder: ReadonlyMap<string, Uint8Array>,
  receipts: Uint8Array | null,
  trust: boolean,
): Promise<Pick<Expected, 'verdict' | 'findings'>> => {
  const beside = receipts && { files: memoryFiles(new Map([[RECEIPTS, receipts]])), path: RECEIPTS }
  const proof = nodeProof(trust ? [hub.certificate] : null)
  const { verdict, findings } = await verifyHearing(memoryFiles(folder), proof, beside ? { receipts: beside } : {})
  return { verdict, findings: findings.map(withoutWords) }
}

const publish = async (vector: Vector): Promise<[string, Buffer][]> => {
  const { name, shows, verdict, codes, trust = true } = vector
  const folder = await vector.make()
  const receipts = vector.receipts ? Buffer.from(vector.receipts()) : null
  const found = await foundIn(folder, receipts, trust)
  const said = { verdict: found.verdict, codes: found.findings.map(({ code }) => code) }
  if (!isDeepStrictEqual(said, { verdict, codes }))
    throw new Error(`${name}: the verifier finds ${JSON.stringify(said)}, not ${JSON.stringify({ verdict, codes })}`)
  const expected: Expected = {
    shows,
    trust: trust ? `../${TRUST}` : null,
    receipts: receipts && RECEIPTS,
    ...{ verdict, findings: found.findings },
  }
  return [
    [`${name}/expected.json`, Buffer.from(`${JSON.stringify(expected, null, 2)}\n`)],
    ...(receipts ? [[`${name}/${RECEIPTS}`, receipts] as [string, Buffer]] : []),
    ...[...folder].map(([path, bytes]): [string, Buffer] => [`${name}/hearing/${path}`, bytes]),
  ]
}

/** Path to bytes. Throws when the verifier finds something else than the list says by hand. */
export const publishVectors = async (): Promise<Map<string, Buffer>> => {
  const files: [string, Buffer][] = [[TRUST, Buffer.from(`${hub.certificate.toString('pem')}\n`)]]
  for (const vector of VECTORS) files.push(...(await publish(vector)))
  return new Map(files)
}
