/** Who a certificate says somebody is: by certificates as an authority makes them, and as nobody should. */
import { webcrypto, X509Certificate } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ECDSA, makeCertificate } from '../../../controller/ports/authority/certificate-maker.ts'
import { shownBy } from '../../../controller/ports/broker/shown-by.ts'

const { privateKey, publicKey } = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
const spki = new Uint8Array(await webcrypto.subtle.exportKey('spki', publicKey))

const certificate = async (subject: string): Promise<X509Certificate> => {
  const made = await makeCertificate({
    ...{ subject, issuer: { certificate: null, key: privateKey } },
    ...{ spki, purpose: { is: 'client', uri: null }, from: new Date(), days: 1 },
  })
  return new X509Certificate(Buffer.from(made.rawData))
}

const DEVICE = 'vb-abcdefghijklmnop'

test('a device, its court and the serial number', async () => {
  const made = await certificate(`CN=${DEVICE}, O=almaty-district`)
  const serial = made.serialNumber.toLowerCase()
  assert.match(serial, /^[0-9a-f]+$/)
  assert.equal(shownBy(made), { name: DEVICE, court: 'almaty-district', serial })
})

test('what is not there is empty', async () => {
  const { name, court } = shownBy(await certificate('CN=reader-it'))
  assert.equal({ name, court }, { name: 'reader-it', court: '' })
  assert.is(shownBy(await certificate('O=almaty-district')).name, '')
})

for (const [what, subject] of [
  ['said twice', `CN=${DEVICE}, CN=vb-ponmlkjihgfedcba`],
  ['said twice at once', `CN=${DEVICE}+CN=vb-ponmlkjihgfedcba`],
  ['in a line of another value', `O=almaty\\0ACN=${DEVICE}`],
  ['with something beside it', `CN=${DEVICE}+O=almaty-district`],
] as const)
  test(`a name ${what} is nobody's`, async () => {
    const { name, court } = shownBy(await certificate(subject))
    assert.is.not(name, DEVICE)
    assert.is.not(court, 'almaty-district')
  })

test.run()
