import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Proof } from '../../../controller/journal/verify/proof.ts'
import { readBundle, readCertificate } from '../../../controller/ports/proof/certificates.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { sha256 } from '../../builders/hash.ts'
import { type KeyKind, OpensslAuthority } from '../../builders/openssl.ts'

const openssl = new OpensslAuthority()
const test = suite('proof')
test.after(() => openssl.close())

const KINDS: KeyKind[] = ['ED25519', 'RSA:2048', 'EC:P-256', 'EC:P-384']
const data = Buffer.from('{"v":1}')
const pem = (...names: string[]) => names.map((name) => certificates.get(name)!).join('')
const proofOf = (...names: string[]): Proof => nodeProof(readBundle(pem(...names)))

const certificates = new Map<string, string>()
const certify = (
  name: string,
  ...rest: Parameters<OpensslAuthority['certify']> extends [string, ...infer R] ? R : never
) => certificates.set(name, openssl.certify(name, ...rest))

test.before(() => {
  certify('other', 'authority', 'ED25519')
  for (const kind of KINDS) {
    const of = kind.toLowerCase().replace(':', '-')
    certify(`root-${of}`, 'authority', kind)
    certify(`hub-${of}`, 'authority', kind, `root-${of}`)
    certify(`device-${of}`, 'device', 'ED25519', `hub-${of}`)
    certify(`tsa-${of}`, 'stamper', kind, `hub-${of}`)
  }
  certify('lone', 'device', 'ED25519')
  certify('by-device', 'device', 'ED25519', 'device-ed25519')
  certify('odd', 'odd', 'ED25519', 'root-ed25519')
  certify('not-a-stamper', 'device', 'ED25519', 'root-ed25519')
})

for (const kind of KINDS) {
  const of = kind.toLowerCase().replace(':', '-')
  test(`a device certified by ${kind} through a hub`, async () => {
    const chain = [openssl.der(`device-${of}`), openssl.der(`hub-${of}`)]
    const found = (await proofOf('other', `root-${of}`).identify(chain))!
    assert.equal([found.subject, found.issuer], [`device-${of}`, `hub-${of}`])
    assert.equal([found.linked, found.trusted, found.selfSigned, found.publicKey?.length], [true, true, false, 32])
    assert.is((await proofOf('other').identify(chain))!.trusted, false)
    assert.is((await proofOf(`hub-${of}`).identify(chain))!.trusted, true)
    assert.is((await proofOf(`root-${of}`).identify(chain.slice(0, 1)))!.trusted, false)
    assert.is((await nodeProof().identify(chain))!.trusted, null)
  })

  // OpenSSL signs no time stamps by Ed25519.
  if (kind === 'ED25519') continue
  test(`a time stamp by ${kind}, and each byte of it flipped`, async () => {
    const token = openssl.stamp(data, `tsa-${of}`, { chain: [`hub-${of}`] })
    const proof = proofOf(`root-${of}`)
    const stamp = (await proof.stamp(token))!
    assert.equal([stamp.imprint, stamp.signed, stamp.trusted, stamp.authority], [sha256(data), true, true, `tsa-${of}`])
    assert.ok(Math.abs(stamp.atMs - Date.now()) < 100_000)
    assert.is((await proofOf('other').stamp(token))!.trusted, false)
    for (let at = 0; at < token.length; at += kind === 'EC:P-256' ? 7 : 61) {
      const flipped = Uint8Array.from(token)
      flipped[at]! ^= 1
      const found = await proof.stamp(flipped)
      const same = found?.signed && found.trusted && found.imprint === stamp.imprint && found.atMs === stamp.atMs
      // Certificates that are not needed, and tags that are read alike, say nothing else.
      if (same) assert.equal({ ...found }, { ...stamp }, `byte ${at}`)
    }
  })
}

test('a time stamp that names its certificate by SHA-1, as older authorities do', async () => {
  const token = openssl.stamp(data, 'tsa-ec-p-256', { chain: ['hub-ec-p-256'], essHash: 'sha1' })
  assert.is((await proofOf('root-ec-p-256').stamp(token))!.signed, true)
})

test('a time stamp of another hash has no imprint', async () => {
  const token = openssl.stamp(data, 'tsa-ec-p-256', { chain: ['hub-ec-p-256'], hash: 'sha512' })
  assert.is((await proofOf('root-ec-p-256').stamp(token))!.imprint, '')
})

test('certificates that do not hold', async () => {
  const proof = proofOf('root-ed25519')
  const identify = (...names: string[]) => proof.identify(names.map((name) => openssl.der(name)))
  assert.equal([(await identify('lone'))!.selfSigned, (await identify('lone'))!.trusted], [true, false])
  const byDevice = (await identify('by-device', 'device-ed25519', 'hub-ed25519'))!
  assert.equal([byDevice.linked, byDevice.trusted], [false, false])
  const skipped = (await identify('device-ed25519', 'root-ed25519'))!
  assert.equal([skipped.linked, skipped.trusted], [false, false])
  assert.is((await identify('odd'))!.linked, false)
  const spoiled = [
    openssl.der('device-ed25519'),
    openssl.der('hub-ed25519'),
    Uint8Array.from(openssl.der('root-ed25519')),
  ]
  spoiled[2]![spoiled[2]!.length - 1]! ^= 1
  assert.is((await proof.identify(spoiled))!.linked, false)
  assert.is(await proof.identify([]), null)
  assert.is(await proof.identify([new Uint8Array(40)]), null)
  assert.is((await identify('tsa-rsa-2048'))!.publicKey, null)
})

test('a key on the list itself', async () => {
  const found = (await nodeProof().identify([openssl.der('lone')]))!
  assert.is(proofOf('lone').pinned(found.publicKey!), true)
  assert.is(proofOf('other').pinned(found.publicKey!), false)
  assert.is(nodeProof().pinned(found.publicKey!), null)
})

test('a certificate counts in its exact DER only: bits that a lenient reader passes over are seen too', () => {
  const der = Buffer.from(certificates.get('hub-ed25519')!.replace(/-----.*-----|\s/g, ''), 'base64')
  assert.ok(readCertificate(der))
  // BOOLEAN TRUE is FF in DER; whatever is not zero is true in BER.
  const at = der.indexOf(Buffer.from('0101ff', 'hex'))
  assert.ok(at > 0)
  const lenient = Buffer.from(der)
  lenient[at + 2] = 0x01
  assert.is(readCertificate(lenient), null)
  assert.is(readCertificate(Buffer.concat([der, Buffer.alloc(1)])), null, 'a byte behind it')
})

test('a bundle without a certificate is refused', () => {
  assert.throws(() => readBundle('nothing'), 'no certificate')
  assert.throws(() => readBundle('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'))
})

test('signatures and keys that are none', async () => {
  const proof = nodeProof()
  assert.is(await proof.ed25519(new Uint8Array(32), new Uint8Array(1), new Uint8Array(64)), false)
  assert.is(await proof.ed25519(new Uint8Array(3), new Uint8Array(1), new Uint8Array(1)), false)
})

test.run()
