/** The vectors as they are published: every file of `test/journal/vectors/` but its README.md. */
import { isDeepStrictEqual } from 'node:util'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { type Expected, foundIn, RECEIPTS } from './expected.ts'
import { VECTORS, type Vector } from './list.ts'
import { hub } from './people.ts'

export const TRUST = 'trust.pem'

const publish = async (vector: Vector): Promise<[string, Buffer][]> => {
  const { name, shows, verdict, codes, trust = true } = vector
  const folder = await vector.make()
  const receipts = vector.receipts ? Buffer.from(vector.receipts()) : null
  const found = await foundIn({ folder, receipts }, nodeProof(trust ? [hub.certificate] : null))
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
