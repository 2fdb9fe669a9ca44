/** What is signed is one text for one meaning: the same however it is spelled, another as soon as anything differs. */
import { generateKeyPairSync, sign } from 'node:crypto'
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSigned, rawPublicKeyOf } from '../../../controller/base/ed25519.ts'
import { canonicalJson } from '../../../controller/wire/fleet/canonical-json.ts'
import { CertificateRequest } from '../../../controller/wire/fleet/certificate.ts'
import { Order } from '../../../controller/wire/fleet/order.ts'
import { desiredPayload, docketPayload, orderPayload } from '../../../controller/wire/fleet/signing.ts'
import { EXAMPLES } from '../../../scripts/lib/reference/fleet/examples.ts'

/** Whatever JSON can say. -0 is 0 there. */
const values = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)))

/** The same, with the keys of every object the other way round. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, turned(one)]),
  )
}

test('canonical JSON means the same as what it is made of', () => {
  fc.assert(fc.property(values, (value) => assert.equal(JSON.parse(canonicalJson(value)), value)))
})

test('canonical JSON is one text, however keys are ordered, and no other value has it', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      assert.is(canonicalJson(turned(one)), canonicalJson(one))
      assert.is(canonicalJson(JSON.parse(canonicalJson(one))), canonicalJson(one))
      const same = canonicalJson(one) === canonicalJson(other)
      assert.is(same, canonicalJson(turned(one)) === canonicalJson(turned(other)))
      if (same) assert.equal(turned(one), turned(other))
    }),
  )
})

test('the example of RFC 8785, 3.2.3: keys are sorted by UTF-16 code units', () => {
  const value = { '€': 1, '\r': 2, '\uFB33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 }
  assert.equal(
    [...canonicalJson(value).matchAll(/:(\d)/g)].map(([, digit]) => Number(digit)),
    [2, 4, 6, 7, 1, 5, 3],
  )
  assert.is(canonicalJson({ a: undefined, b: [undefined, 1e21, 0.1] }), '{"b":[null,1e+21,0.1]}')
})

const keys = generateKeyPairSync('ed25519')
const operator = rawPublicKeyOf(keys.publicKey)
const signed = (text: string) => sign(null, Buffer.from(text), keys.privateKey).toString('base64')

test('an order, a configuration and a docket never pass for each other, nor for another device', () => {
  const { order, desired, docket } = EXAMPLES
  const texts = [orderPayload(order), desiredPayload(desired), docketPayload(docket)]
  assert.is(new Set(texts.map((text) => text.split('\n')[0])).size, 3)
  assert.is.not(orderPayload(order), orderPayload({ ...order, device: 'vb-aaaaaaaaaaaaaaaa' }))
})

test('what was signed is found signed after any journey as JSON; changed anywhere, it is not', () => {
  const { sig: _, ...unsigned } = EXAMPLES.order
  const order = { ...unsigned, sig: signed(orderPayload(unsigned)) }
  const arrived = Order.parse(JSON.parse(JSON.stringify(turned(order), null, 3)))
  assert.ok(isSigned(orderPayload(arrived), arrived.sig, operator))
  for (const change of [
    { op: 'reboot' },
    { id: 'q3v8Zk1xT0mC' },
    { expires: '2027-11-24T04:41:01.800Z' },
    { args: { a: 1 } },
  ])
    assert.not(isSigned(orderPayload(Order.parse({ ...arrived, ...change })), arrived.sig, operator))
})

test('a device that does not know a signed field finds no valid signature', () => {
  const { sig: _, ...unsigned } = { ...EXAMPLES.order, onlyIf: 'idle' }
  const arrived = Order.parse({ ...unsigned, sig: signed(orderPayload(unsigned)) })
  assert.not(isSigned(orderPayload(arrived), arrived.sig, operator))
})

test('keys and signatures have exactly as many bytes as they have', () => {
  const { renewal } = EXAMPLES
  const accepts = (evidenceKey: string) => CertificateRequest.safeParse({ ...renewal, evidenceKey }).success
  for (const bytes of [30, 31, 33]) assert.not(accepts(Buffer.alloc(bytes, 7).toString('base64')), `${bytes}`)
  assert.ok(accepts(operator))
})

test.run()
