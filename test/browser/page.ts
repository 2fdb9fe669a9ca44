/** Runs in the browser: verifies every vector that it is given, and sends back what it found. */

import { browserProof } from '../../controller/ports/proof/browser-proof.ts'
import { readBundle } from '../../controller/ports/proof/certificates.ts'
import { foundIn } from '../builders/vectors/expected.ts'
import type { PageAnswer, PageQuestion } from './wire.ts'

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))

const verifyAll = async ({ trust, vectors }: PageQuestion): Promise<PageAnswer> => {
  const list = readBundle(trust)
  const answer: PageAnswer = {}
  for (const { name, trusted, folder, receipts } of vectors) {
    const files = new Map(Object.entries(folder).map(([path, bytes]) => [path, bytesOf(bytes)]))
    const vector = { folder: files, receipts: receipts === null ? null : bytesOf(receipts) }
    answer[name] = await foundIn(vector, browserProof(trusted ? list : null))
  }
  return answer
}

const send = (body: string) => fetch('/answer', { method: 'POST', body })

try {
  const question = (await (await fetch('/question')).json()) as PageQuestion
  await send(JSON.stringify(await verifyAll(question)))
} catch (fault) {
  await send(JSON.stringify({ fault: String(fault) }))
}
