import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isSignatureOf } from '../../controller/base/ed25519.ts'
import { type Identity, openIdentity } from '../../controller/ports/identity/identity.ts'
import { sha256 } from '../builders/hash.ts'

interface Desk {
  dir: string
  key: string
  certificate: string
  open: (name?: string) => Promise<Identity>
}
const test = suite<Desk>('identity')
test.before.each((context) => {
  const state = mkdtempSync(join(tmpdir(), 'verbatim-identity-'))
  context.dir = join(state, 'device')
  context.key = join(context.dir, 'key.pem')
  context.certificate = join(context.dir, 'certificate.pem')
  context.open = (name = 'Court, Room 1') => openIdentity({ config: { kind: 'file' }, dir: context.dir, name })
})
test.after.each(({ dir }) => rmSync(join(dir, '..'), { recursive: true, force: true }))

const rightsOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const asideIn = (dir: string, name: string): string[] =>
  readdirSync(dir).filter((file) => file.startsWith(`${name}.set-aside`))
const ownOf = ({ entry }: Identity): X509Certificate =>
  new X509Certificate(Buffer.from(entry.certificates[0]!, 'base64'))
const otherKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

test('the first start makes a key that only its owner can read, and a certificate of it', async (desk) => {
  const made = await desk.open()
  assert.equal([desk.dir, desk.key].map(rightsOf), ['700', '600'])
  assert.equal(readdirSync(desk.dir).sort(), ['certificate.pem', 'key.pem'])
  assert.equal(made.repairs, [])
  assert.is(made.entry.device, 'Court, Room 1')
  assert.is(made.entry.key, sha256(made.signer.publicKey))
  assert.is(made.entry.publicKey, Buffer.from(made.signer.publicKey).toString('base64'))
  const own = ownOf(made)
  assert.ok(own.verify(own.publicKey), 'signed by itself')
  assert.ok(own.checkIssued(own))
  assert.ok(made.validFrom.getTime() < Date.parse('2020-01-01') && made.validTo.getTime() > Date.parse('9000-01-01'))
  assert.equal(own.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32), Buffer.from(made.signer.publicKey))
})

test('it signs, and the next start is the same device', async ({ open }) => {
  const [first, next] = [await open(), await open('Another name')]
  assert.equal(next.entry, first.entry)
  const bytes = Buffer.from('a place in a journal')
  const signature = await next.signer.sign(bytes)
  assert.is(signature.length, 64)
  assert.ok(isSignatureOf(first.signer.publicKey, bytes, signature))
  assert.not.ok(isSignatureOf(first.signer.publicKey, Buffer.from('another'), signature))
})

test('any name of court and room fits', async ({ open }) => {
  const made = await open(`Суд "Север", O=Evil\\, CN=x+y#;<>${'я'.repeat(80)}`)
  assert.is([...made.entry.device].length, 64)
  assert.ok(made.entry.device.startsWith('Суд "Север", O=Evil\\, CN=x+y#;<>я'))
})

test('two starts at once have one key', async ({ dir, open }) => {
  const made = await Promise.all(Array.from({ length: 8 }, () => open()))
  assert.is(new Set(made.map(({ entry }) => entry.key)).size, 1)
  assert.equal(
    made.flatMap(({ repairs }) => repairs),
    [],
  )
  assert.equal(readdirSync(dir).sort(), ['certificate.pem', 'key.pem'])
  assert.equal((await open()).entry.key, made[0]!.entry.key)
})

test('rights that are too wide are set right, and told', async (desk) => {
  const first = await desk.open()
  chmodSync(desk.key, 0o644)
  chmodSync(desk.dir, 0o755)
  const next = await desk.open()
  assert.is(next.entry.key, first.entry.key)
  assert.equal([desk.dir, desk.key].map(rightsOf), ['700', '600'])
  assert.match(next.repairs[0]!.engineer, /were 644; set to 600/)
})

for (const [what, damage] of [
  ['torn', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 60))],
  ['empty', (path: string) => writeFileSync(path, '')],
  ['of another kind', (path: string) => writeFileSync(path, rsaKey())],
] as const)
  test(`a key file that is ${what} is set aside, and a new key signs`, async (desk) => {
    const first = await desk.open()
    damage(desk.key)
    const next = await desk.open()
    assert.is.not(next.entry.key, first.entry.key)
    assert.is(asideIn(desk.dir, 'key.pem').length, 1)
    assert.is(asideIn(desk.dir, 'certificate.pem').length, 1, 'the certificate was of the old key')
    assert.is(next.repairs.length, 2)
    assert.ok(next.repairs.every(({ engineer }) => !engineer.includes('PRIVATE')))
    assert.is((await desk.open()).entry.key, next.entry.key)
  })

const rsaKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

for (const [what, damage] of [
  ['torn', (text: string) => text.slice(0, 200)],
  ['torn in its second certificate', (text: string) => `${text}\n${text.slice(0, 200)}`],
  ['of no issuer of the one before', (text: string, other: string) => `${text}\n${other}`],
  ['of another key', (_: string, other: string) => other],
] as const)
  test(`a certificate file that is ${what} is set aside, and the key stays`, async (desk) => {
    const first = await desk.open()
    const text = readFileSync(desk.certificate, 'utf8')
    const aside = await openIdentity({ config: { kind: 'file' }, dir: join(desk.dir, 'other'), name: 'Other' })
    writeFileSync(desk.certificate, damage(text, ownOf(aside).toString()))
    const next = await desk.open()
    assert.is(next.entry.key, first.entry.key)
    assert.is(next.repairs.length, 1)
    assert.is(asideIn(desk.dir, 'certificate.pem').length, 1)
    const own = ownOf(next)
    assert.ok(own.verify(own.publicKey))
    assert.equal((await desk.open()).repairs, [])
  })

test('an enrolled chain is kept as it is', async (desk) => {
  const first = await desk.open()
  // Its own issuer, so twice the same is a chain in form.
  const text = readFileSync(desk.certificate, 'utf8')
  writeFileSync(desk.certificate, `# from the hub\n${text}\n${text}`)
  const next = await desk.open()
  assert.equal([next.repairs, next.entry.certificates.length], [[], 2])
  assert.is(next.entry.key, first.entry.key)
})

test('where nothing can be kept, a key in memory signs', async (desk) => {
  writeFileSync(desk.dir, 'a file where the folder should be')
  const made = await desk.open()
  assert.ok(isSignatureOf(made.signer.publicKey, Buffer.from('x'), await made.signer.sign(Buffer.from('x'))))
  assert.is(made.repairs.length, 1)
  assert.not.ok(existsSync(desk.key))
})

test('a key that only cannot be read now is left alone, and its certificate too', async (desk) => {
  const first = await desk.open()
  renameSync(desk.key, `${desk.key}.away`)
  mkdirSync(desk.key, { mode: 0o700 })
  const next = await desk.open()
  assert.is.not(next.entry.key, first.entry.key)
  assert.match(next.repairs[0]!.engineer, 'EISDIR')
  assert.is(ownOf(next).verify(ownOf(next).publicKey), true)
  rmSync(desk.key, { recursive: true })
  renameSync(`${desk.key}.away`, desk.key)
  const last = await desk.open()
  assert.equal([last.entry, last.repairs], [first.entry, []])
})

test('a certificate that only cannot be read now is left alone', async (desk) => {
  const first = await desk.open()
  renameSync(desk.certificate, `${desk.certificate}.away`)
  mkdirSync(desk.certificate)
  const next = await desk.open()
  assert.is(next.entry.key, first.entry.key)
  assert.match(next.repairs[0]!.engineer, 'left as it is')
  assert.equal(asideIn(desk.dir, 'certificate.pem'), [])
})

test('what another tool reads is the same key', async ({ key, open }) => {
  const made = await open()
  const spki = createPublicKey(readFileSync(key)).export({ type: 'spki', format: 'der' })
  assert.equal(spki.subarray(-32), Buffer.from(made.signer.publicKey))
  writeFileSync(key, otherKey())
  assert.is.not((await open()).entry.key, made.entry.key)
})

test.run()
