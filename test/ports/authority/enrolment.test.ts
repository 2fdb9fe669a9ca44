/** Devices become part of a fleet, and leave it: real keys, real certificates, looked at by openssl too. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isProvenBy, keyOfCode } from '../../../controller/base/code-proof.ts'
import { codeOf } from '../../../controller/base/error.ts'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { EnrolmentDesk } from '../../../controller/ports/authority/enrolment-desk.ts'
import { ExpectedCodes } from '../../../controller/ports/authority/expected-codes.ts'
import { AuthorityRegister } from '../../../controller/ports/authority/register.ts'
import { EnrolmentAnswer, PROOF_OF_ANSWER, type Proven } from '../../../controller/wire/fleet/enrolment.ts'
import { askingDevice, csrOf, pemOf } from '../../builders/fleet-keys.ts'
import { Operator } from '../../builders/operator.ts'

interface Hub {
  home: string
  desk: EnrolmentDesk
  register: AuthorityRegister
  authority: Authority
  expected: ExpectedCodes
  operator: Operator
}

const CODE = '7K2M-9QXT-4BVD'
const DEVICE = 'vb-abcdefghij234567'
const OTHER = 'vb-zzzzzzzzzz234567'
const test = suite<Hub>('enrolment')

const open = async (hub: Hub): Promise<void> => {
  hub.authority = await Authority.open({ home: hub.home, region: 'Almaty', days: 365 })
  hub.register = await AuthorityRegister.open(hub.home)
  hub.expected = await ExpectedCodes.open(hub.home)
  const told = () => ({ operatorKey: `${'A'.repeat(43)}=`, witness: null, mqtt: 'mqtts://hub:8883' })
  hub.desk = new EnrolmentDesk({ ...hub, told, sign: (text) => hub.operator.sign(text) })
}

const answerOf = async ({ desk }: Hub, proven: Proven): Promise<Proven> => {
  const reply = await desk.ask(proven)
  assert.is(reply.is, 'enrolled')
  return (reply as { answer: Proven }).answer
}

test.before.each(async (hub) => {
  hub.home = mkdtempSync(join(tmpdir(), 'verbatim-authority-'))
  hub.operator = new Operator(DEVICE)
  await open(hub)
})
test.after.each(({ home }) => rmSync(home, { recursive: true, force: true }))

test('waits until its code is typed, with hyphens or not, and is then told what it needs', async (hub) => {
  const asking = await askingDevice(DEVICE, CODE)
  assert.equal(await hub.desk.ask(asking.proven), { is: 'waiting' })
  assert.equal(
    hub.desk.waiting().map(({ device, room }) => [device, room]),
    [[DEVICE, 'Courtroom 1']],
  )
  assert.is(await hub.desk.enter('7k2m9qxt 4bvd', 'almaty-district'), DEVICE)
  const answer = await answerOf(hub, asking.proven)
  const key = await keyOfCode(CODE, Buffer.from(asking.request.csr, 'base64'))
  assert.ok(isProvenBy(key, PROOF_OF_ANSWER + answer.body, answer.proof), 'the device can tell the hub from a stranger')
  const { court, certificates } = EnrolmentAnswer.parse(JSON.parse(answer.body))
  assert.is(court, 'almaty-district')
  const files = ['authority', 'tls', 'evidence'] as const
  for (const name of files) writeFileSync(join(hub.home, `${name}.crt`), pemOf(certificates[name][0]!))
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: hub.home, encoding: 'utf8' })
  assert.match(openssl('verify', '-purpose', 'sslclient', '-CAfile', 'authority.crt', 'tls.crt'), 'OK')
  assert.match(openssl('verify', '-CAfile', 'authority.crt', 'evidence.crt'), 'OK')
  assert.match(
    openssl('x509', '-in', 'tls.crt', '-noout', '-subject', '-nameopt', 'RFC2253'),
    `O=almaty-district,CN=${DEVICE}`,
  )
  assert.match(
    openssl('x509', '-in', 'tls.crt', '-noout', '-ext', 'subjectAltName'),
    `URI:verbatim:almaty-district/${DEVICE}`,
  )
  assert.equal(hub.desk.waiting(), [])
  assert.ok(hub.register.isGood(DEVICE, hub.register.find(DEVICE)!.serial))
})

test('a wrong code enrols nobody, and neither does a right one for a proof that was made up', async (hub) => {
  const asking = await askingDevice(DEVICE, CODE)
  await hub.desk.ask(asking.proven)
  assert.is(await hub.desk.enter('7K2M-9QXT-4BVE', 'c').then(() => '', codeOf), 'ENROLMENT_REFUSED')
  assert.is(await hub.desk.enter('short', 'c').then(() => '', codeOf), 'ENROLMENT_REFUSED')
  await hub.desk.ask({ body: asking.proven.body, proof: `${'A'.repeat(43)}=` })
  assert.is(await hub.desk.enter(CODE, 'c').then(() => '', codeOf), 'ENROLMENT_REFUSED')
  assert.is(hub.register.find(DEVICE), undefined)
})

test('a request that another made for the same device does not get its certificate', async (hub) => {
  const honest = await askingDevice(DEVICE, CODE)
  const stranger = await askingDevice(DEVICE, '0000-0000-0000')
  await hub.desk.ask(honest.proven)
  await hub.desk.ask(stranger.proven)
  assert.is(await hub.desk.enter(CODE, 'c').then(() => '', codeOf), 'ENROLMENT_REFUSED')
  // It asks every few seconds, and the person types again.
  await hub.desk.ask(honest.proven)
  await hub.desk.enter(CODE, 'c')
  assert.is((await hub.desk.ask(stranger.proven)).is, 'waiting')
})

test('a shipment: the first device that knows an expected code is taken, the second is not', async (hub) => {
  await hub.expected.add([{ code: CODE, court: 'almaty-district' }])
  await open(hub)
  assert.is(hub.expected.count, 1)
  const first = await askingDevice(DEVICE, CODE)
  assert.is((await hub.desk.ask(first.proven)).is, 'enrolled')
  const second = await askingDevice(OTHER, CODE)
  assert.is((await hub.desk.ask(second.proven)).is, 'waiting')
  assert.is(hub.expected.count, 0)
  assert.is(await hub.expected.add([{ code: 'U'.repeat(12), court: 'c' }]).then(() => '', codeOf), 'ENROLMENT_REFUSED')
})

test('renewed for the same keys alone; the certificate before counts until it ends', async (hub) => {
  const asking = await askingDevice(DEVICE, CODE)
  await hub.desk.ask(asking.proven)
  await hub.desk.enter(CODE, 'almaty-district')
  const before = hub.register.find(DEVICE)!.serial
  const { csr } = await csrOf(DEVICE)
  const at = new Date().toISOString()
  await hub.desk.renew(DEVICE, { at, csr, evidenceKey: null, evidenceProof: null })
  const after = hub.register.find(DEVICE)!.serial
  assert.is.not(before, after)
  assert.ok(hub.register.isGood(DEVICE, before) && hub.register.isGood(DEVICE, after.toUpperCase()))
  assert.not(hub.register.isGood(OTHER, after))
  const { request } = await askingDevice(DEVICE, CODE)
  const { evidenceKey, evidenceProof } = request
  const asked = { at, csr: request.csr, evidenceKey, evidenceProof }
  assert.is(await hub.desk.renew(DEVICE, asked).then(() => '', codeOf), 'CERTIFICATE_INVALID')
  assert.is(await hub.desk.renew(OTHER, { ...asked, evidenceKey: null }).then(() => '', codeOf), 'NOT_FOUND')
  await open(hub)
  assert.ok(hub.register.isGood(DEVICE, before) && hub.register.isGood(DEVICE, after))
})

test('revoked at once, for every certificate it had, also after a restart and a torn line', async (hub) => {
  const asking = await askingDevice(DEVICE, CODE)
  await hub.desk.ask(asking.proven)
  await hub.desk.enter(CODE, 'almaty-district')
  const { serial } = hub.register.find(DEVICE)!
  await hub.desk.revoke(DEVICE, 'admin')
  assert.not(hub.register.isGood(DEVICE, serial))
  appendFileSync(join(hub.home, 'register.ndjson'), '{"is":"enrolled","at":"2026')
  await open(hub)
  assert.not(hub.register.isGood(DEVICE, serial))
  const crl = await hub.authority.crl(hub.register.revoked(new Date()))
  writeFileSync(join(hub.home, 'crl.pem'), crl)
  const text = execFileSync('openssl', ['crl', '-in', 'crl.pem', '-noout', '-text', '-CAfile', 'authority.pem'], {
    ...{ cwd: hub.home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  })
  assert.match(text.toLowerCase(), serial)
})

test('keys of the hub are for nobody else to read, and stay the same', async (hub) => {
  const { pem } = hub.authority
  const { cert } = await hub.authority.serverFiles(['hub.court.kz', '10.0.0.1'])
  await open(hub)
  assert.is(hub.authority.pem, pem)
  assert.is((await hub.authority.serverFiles(['hub.court.kz', '10.0.0.1'])).cert, cert)
  assert.is.not((await hub.authority.serverFiles(['other.kz'])).cert, cert)
  const ahead = new Date(Date.now() + 3_650 * 86_400_000)
  const { home, authority } = hub
  const wrong = await Authority.open({ home, region: 'Almaty', days: 1, now: () => ahead })
  const { cert: ofAhead } = await wrong.serverFiles(['hub.court.kz'])
  const after = await authority.serverFiles(['hub.court.kz'])
  assert.is.not(after.cert, ofAhead, 'made while the clock stood ahead: nobody would believe it')
  assert.is((await authority.serverFiles(['hub.court.kz'])).cert, after.cert)
  for (const name of ['authority-key.pem', 'server-key.pem', 'register.ndjson'])
    assert.is(statSync(join(hub.home, name)).mode & 0o077, 0, name)
  writeFileSync(join(hub.home, 'authority-key.pem'), 'rubbish')
  assert.is(await open(hub).then(() => '', codeOf), 'CERTIFICATE_INVALID')
})

test('a request that is none, or whose evidence key did not sign it, is refused', async (hub) => {
  assert.is(await hub.desk.ask({ body: '{}', proof: '' }).then(() => '', codeOf), 'ENROLMENT_REFUSED')
  const asking = await askingDevice(DEVICE, CODE)
  const { request } = await askingDevice(OTHER, CODE)
  const mixed = { ...asking.request, evidenceKey: request.evidenceKey }
  const body = JSON.stringify(mixed)
  const { proofBy } = await import('../../../controller/base/code-proof.ts')
  const { PROOF_OF_REQUEST } = await import('../../../controller/wire/fleet/enrolment.ts')
  const proof = proofBy(await keyOfCode(CODE, Buffer.from(mixed.csr, 'base64')), PROOF_OF_REQUEST + body)
  await hub.desk.ask({ body, proof })
  assert.is(await hub.desk.enter(CODE, 'c').then(() => '', codeOf), 'ENROLMENT_REFUSED')
  assert.is(hub.register.find(DEVICE), undefined)
})

test.run()
