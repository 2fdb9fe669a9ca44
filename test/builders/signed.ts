/** A device that signs places, with a key of its own. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { keyIdOf, rawPublicKeyOf } from '../../controller/base/ed25519.ts'
import type { ReceiptEntry } from '../../controller/journal/entry.ts'
import { receiptPayload, signaturePayload } from '../../controller/journal/payload.ts'
import type { ShownPlace } from '../../controller/wire/witness.ts'
import { sha256 } from './hash.ts'

export const makeKey = () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = rawPublicKeyOf(privateKey)
  return {
    id: keyIdOf(publicKey),
    publicKey,
    sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
}
export type TestKey = ReturnType<typeof makeKey>

/** The head of line `upto` of a made-up journal; another one for each `branch`. */
export const headOf = (upto: number, branch = ''): string => sha256(Buffer.from(`line ${upto} ${branch}`))

/** When all of them are signed. */
export const MOMENT = { utc: '2026-11-24T09:00:00.000Z', monoMs: 5_000 }

export const placeOf = (key: TestKey, hearing: string, upto: number, branch = ''): ShownPlace => {
  const head = headOf(upto, branch)
  return {
    device: { key: key.id, publicKey: key.publicKey, certificates: [] },
    ...{ hearing, upto, head },
    ...MOMENT,
    signature: key.sign(signaturePayload(hearing, { upto, head, ...MOMENT })),
  }
}

/** A witness' answer by the book; `change` makes it wrong before it is signed. */
export const receiptOf = (
  witness: TestKey,
  place: ShownPlace,
  change: Partial<ShownPlace & { device: never }> = {},
) => {
  const said = { ...place, ...change }
  const receivedUtc = '2026-11-24T09:00:01.000Z'
  const entry: ReceiptEntry = {
    ...{ upto: said.upto, head: said.head, receivedUtc, witness: witness.id, publicKey: witness.publicKey },
    certificates: [],
    signature: witness.sign(receiptPayload(place.device.key, said.hearing, said, receivedUtc)),
  }
  return { is: 'receipt', device: place.device.key, hearing: said.hearing, ...entry }
}
