import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rawPublicKey } from '../../controller/base/ed25519.ts'
import type { Entry, SignedPlace } from '../../controller/journal/entry.ts'
import { signaturePayload } from '../../controller/journal/payload.ts'
import type { Identity } from '../../controller/ports/identity/identity.ts'
import { HearingJournal } from '../../controller/ports/journal/hearing-journal.ts'
import { JournalSigner } from '../../controller/recorder/journal-signer.ts'
import { sha256 } from '../builders/hash.ts'
import { makeStore } from '../builders/store.ts'

/** For a key that never answers; for all others a busy computer has time. */
const LIMIT_MS = 200
const PATIENT_MS = 60_000
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const raw = rawPublicKey(publicKey)
type Sign = (bytes: Uint8Array) => Promise<Uint8Array>
const inOrder: Sign = async (bytes) => sign(null, bytes, privateKey)

interface Desk {
  dir: string
  journal: HearingJournal
  told: string[]
  signer: (sign: Sign, limitMs?: number) => JournalSigner
}
const test = suite<Desk>('journal signer')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-signer-'))
  context.told = []
  makeStore(join(context.dir, 'a'))
  const journal = new HearingJournal({ hearing: 'h', onStored: () => {}, onFailure: () => {} })
  journal.join({ name: 'a', path: join(context.dir, 'a') })
  context.journal = journal
  context.signer = (sign, limitMs = PATIENT_MS) =>
    new JournalSigner({
      journal,
      identity: { signer: { publicKey: raw, sign }, entry: { key: sha256(raw) } } as unknown as Identity,
      onSigned: () => context.told.push('signed'),
      onFailure: ({ engineer }) => context.told.push(engineer),
      limitMs,
    })
})
test.after.each(async ({ dir, journal }) => {
  await journal.close()
  rmSync(dir, { recursive: true, force: true })
})

const mark = (journal: HearingJournal): SignedPlace =>
  journal.append({ atMs: 0, utcMs: 1_800_000_000_000 }, { kind: 'mark', mediaMs: 0, note: '', by: '' })!

const untilTold = async ({ told }: Desk, count: number): Promise<void> => {
  for (let i = 0; told.length < count && i < 400; i++) await sleep(5)
}

/** Numbers of the lines that signatures in the file speak for; each is checked against the file's own bytes. */
const signedIn = async ({ dir, journal }: Desk): Promise<number[]> => {
  await journal.settle()
  const lines = readFileSync(join(dir, 'a/h/journal.ndjson'), 'utf8').trimEnd().split('\n')
  return lines.flatMap((line) => {
    const entry = JSON.parse(line) as Entry
    if (entry.kind !== 'signature') return []
    const { upto, head, signature, utc, monoMs } = entry
    assert.is(head, sha256(Buffer.from(lines[upto]!)))
    const text = Buffer.from(signaturePayload('h', { upto, head, utc, monoMs }))
    assert.ok(verify(null, text, publicKey, Buffer.from(signature, 'base64')), `line ${upto}`)
    assert.is(entry.key, sha256(raw))
    return [upto]
  })
}

test('each place is signed, and nobody waits for it', async (desk) => {
  const signer = desk.signer(inOrder)
  for (const _ of [1, 2, 3]) {
    signer.add(mark(desk.journal))
    await untilTold(desk, desk.told.length + 1)
  }
  assert.equal(await signedIn(desk), [0, 2, 4])
  assert.equal(desk.told, ['signed', 'signed', 'signed'])
})

test('while a slow key signs, lines are written, and the last place speaks for those that waited', async (desk) => {
  const signer = desk.signer(async (bytes) => {
    await sleep(50)
    return inOrder(bytes)
  })
  for (let i = 0; i < 10; i++) signer.add(mark(desk.journal))
  assert.is(desk.journal.lines, 10)
  await signer.end(PATIENT_MS)
  assert.equal(await signedIn(desk), [0, 9])
})

test('a key that hangs is given up and told; the next place is tried again', async (desk) => {
  let hangs = true
  const signer = desk.signer((bytes) => (hangs ? new Promise(() => {}) : inOrder(bytes)), LIMIT_MS)
  signer.add(mark(desk.journal))
  await untilTold(desk, 1)
  hangs = false
  signer.add(mark(desk.journal))
  await signer.end(PATIENT_MS)
  assert.equal(await signedIn(desk), [1])
  assert.match(desk.told[0]!, `line 0 of h: the signer did not answer within ${LIMIT_MS} ms`)
  assert.is(desk.told[1], 'signed')
})

for (const [what, sign] of [
  ['throws', () => Promise.reject(new Error('CKR_DEVICE_REMOVED'))],
  ['answers with nothing', async () => new Uint8Array()],
  ['answers with another signature', async () => inOrder(Buffer.from('something else'))],
] as const satisfies [string, Sign][])
  test(`a key that ${what} leaves no line`, async (desk) => {
    const signer = desk.signer(sign)
    signer.add(mark(desk.journal))
    await signer.end(PATIENT_MS)
    assert.equal(await signedIn(desk), [])
    assert.is(desk.told.length, 1)
  })

test('a signature that comes too late for the format is not written', async (desk) => {
  const signer = desk.signer(async (bytes) => {
    for (let i = 0; i < 1_000; i++) mark(desk.journal)
    return inOrder(bytes)
  })
  signer.add(mark(desk.journal))
  await signer.end(PATIENT_MS)
  assert.equal(await signedIn(desk), [])
  assert.match(desk.told[0]!, '1001 lines too late')
})

test('the end waits for a slow key no longer than it wants to, and what comes later is not written', async (desk) => {
  let answer = (_: Uint8Array): void => {}
  const signer = desk.signer(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const place = mark(desk.journal)
  signer.add(place)
  signer.add(mark(desk.journal))
  // The key has not answered, and has not been given up: only its own patience ends it.
  await signer.end(50)
  answer(sign(null, Buffer.from(signaturePayload('h', { ...place, utc: '', monoMs: 0 })), privateKey))
  await sleep(2 * LIMIT_MS)
  assert.equal(desk.told, ['the end of h was not signed within 50 ms'])
  assert.equal(await signedIn(desk), [])
})

test('the closing line is signed after it', async (desk) => {
  const signer = desk.signer(inOrder)
  const why = { clerk: 'over', engineer: 'over' }
  const place = desk.journal.append({ atMs: 0, utcMs: 0 }, { kind: 'hearing-closed', mediaMs: 0, reason: why })
  signer.add(place!)
  await signer.end(PATIENT_MS)
  assert.equal(await signedIn(desk), [0])
})

test.run()
