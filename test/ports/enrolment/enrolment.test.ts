/** A device's side of enrolment, against a real desk over HTTP: files, keys and certificates as they are. */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../../controller/base/error.ts'
import { DAY_MS } from '../../../controller/base/units.ts'
import { Enrolment } from '../../../controller/ports/enrolment/enrolment.ts'
import type { Member } from '../../../controller/ports/enrolment/member-file.ts'
import { EnrolmentHub } from '../../builders/enrolment-hub.ts'
import { Operator } from '../../builders/operator.ts'
import { until } from '../../stories/stage/until.ts'

interface Here {
  hub: EnrolmentHub
  folder: string
  enrolment: Enrolment
  members: Member[]
  log: string[]
  codeFile: string | undefined
  /** What the clock of the device is ahead by; the hub's own is set apart. */
  aheadMs: number
}

const test = suite<Here>('enrolment')
const PACE = { firstMs: 20, longestMs: 50 }

/** The recorder starts. */
const start = (here: Here): void => {
  here.members = []
  here.enrolment = new Enrolment({
    ...{ folder: here.folder, hub: here.hub.web.url, codeFile: here.codeFile, court: 'Court', room: 'Room 1' },
    ...{ evidence: null, pace: PACE, standingPace: PACE, utcMs: () => Date.now() + here.aheadMs },
    log: pino({ level: 'debug' }, { write: (line: string) => here.log.push(line) }),
    enrolled: (member) => here.members.push(member),
  })
  here.enrolment.start()
}

const restart = async (here: Here): Promise<void> => {
  await here.enrolment.stop()
  start(here)
}

const enrolled = async (here: Here, court = 'almaty'): Promise<Member> => {
  const { hub, enrolment } = here
  await until('it asks', 10, () => enrolment.code !== '' && hub.desk.waiting().length > 0)
  await hub.desk.enter(enrolment.code, court)
  return until('enrolled', 10, () => here.members.at(-1) ?? null)
}

const serialOf = ({ certificates }: Member): string =>
  new X509Certificate(Buffer.from(certificates.tls[0]!, 'base64')).serialNumber.toLowerCase()

/** Both clocks. */
const pass = (here: Here, days: number): void => {
  here.aheadMs += days * DAY_MS
  here.hub.clock.aheadMs += days * DAY_MS
}

/** Asks until it was answered so often. */
const asks = async ({ hub, enrolment }: Here, times = 1): Promise<void> => {
  const before = hub.asked
  await until('asked', 10, async () => {
    await enrolment.askWhy()
    return hub.asked >= before + times
  })
}

test.before.each(async (here) => {
  Object.assign(here, { hub: await EnrolmentHub.start(), codeFile: undefined, aheadMs: 0, log: [] })
  here.folder = mkdtempSync(join(tmpdir(), 'verbatim-member-'))
  start(here)
})
test.after.each(async ({ hub, enrolment, folder }) => {
  await enrolment.stop()
  await hub.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the code is on the screen and in no log; it stays the same over starts, and is gone once it counted', async (here) => {
  const code = await until('a code', 10, () => here.enrolment.code || null)
  await restart(here)
  await until('the same code', 10, () => here.enrolment.code === code)
  await enrolled(here)
  assert.is(here.enrolment.code, '')
  assert.ok(here.log.length > 0)
  assert.not.match(here.log.join(''), code)
  assert.not.match(here.log.join(''), code.replaceAll('-', ''))
})

test('a code from a file is the one that is asked with; a file without one is told of, and one is made', async (here) => {
  here.codeFile = join(here.folder, 'code.txt')
  writeFileSync(here.codeFile, 'no code at all')
  await restart(here)
  const own = await until('one of its own', 10, () => here.enrolment.code || null)
  assert.match(here.log.join(''), 'holds none')
  writeFileSync(here.codeFile, '7k2m 9qxt 4bvd\n')
  await here.hub.expected.add([{ code: '7K2M-9QXT-4BVD', court: 'almaty' }])
  await restart(here)
  const member = await until('taken in by it', 10, () => here.members[0] ?? null)
  assert.is(member.court, 'almaty')
  assert.not.match(here.log.join(''), own)
  assert.not.match(here.log.join(''), /7k2m.?9qxt/i)
})

test('renewed when a third of its life is left, by the key that was kept first', async (here) => {
  const member = await enrolled(here)
  assert.is(await here.enrolment.renewal(), null)
  pass(here, 7)
  const asked = (await here.enrolment.renewal())!
  await restart(here)
  await until('known again', 10, () => here.members.length > 0)
  assert.is((await here.enrolment.renewal())!.csr, asked.csr, 'the same request after a start')
  const issued = await here.hub.desk.renew(member.device, asked)
  await here.enrolment.renewed(Buffer.from(JSON.stringify(issued)))
  assert.is.not(serialOf(here.members.at(-1)!), serialOf(member))
  assert.is(await here.enrolment.renewal(), null)
  const again = await here.enrolment.renewed(Buffer.from(JSON.stringify(issued))).then(() => '', codeOf)
  assert.is(again, 'CERTIFICATE_INVALID', 'nobody asked for another one')
})

test('expired: the hub renews it over the address where it enrols, once for one request', async (here) => {
  const member = await enrolled(here)
  pass(here, 20)
  assert.ok(here.enrolment.isExpired)
  await asks(here)
  await until('renewed', 10, () => here.members.length === 2)
  assert.not(here.enrolment.isExpired)
  assert.is(here.members[1]!.device, member.device)
  assert.ok(here.hub.register.isGood(member.device, serialOf(here.members[1]!)))
  assert.is(here.enrolment.isOut, null)
  const lines = readFileSync(join(here.hub.home, 'register.ndjson'), 'utf8').trim().split('\n')
  const body = JSON.parse(here.hub.web.asked.at(-1)!.toString('utf8'))
  await here.hub.desk.standing(body)
  assert.is(readFileSync(join(here.hub.home, 'register.ndjson'), 'utf8').trim().split('\n').length, lines.length)
})

test('expired for months: a new code, and the same device once it is typed', async (here) => {
  const member = await enrolled(here)
  pass(here, 200)
  await asks(here)
  await until('a code', 10, () => here.enrolment.code || null)
  assert.is(here.enrolment.isOut, 'expired')
  here.members = []
  const again = await enrolled(here)
  assert.is(again.device, member.device)
  assert.equal([here.enrolment.isOut, here.enrolment.code], [null, ''])
})

test('revoked: a new code over starts, and until it is typed the device is what it was', async (here) => {
  const member = await enrolled(here)
  await here.hub.desk.revoke(member.device, 'admin')
  await asks(here)
  const code = await until('a code', 10, () => here.enrolment.code || null)
  assert.equal([here.enrolment.isOut, here.enrolment.member?.device], ['revoked', member.device])
  await restart(here)
  await until('the same code', 10, () => here.enrolment.code === code)
  assert.is(here.members[0]!.device, member.device, 'its events go on being its own')
  assert.not.match(here.log.join(''), code)
  here.members = []
  const again = await enrolled(here, 'astana')
  assert.equal([again.device, again.court], [member.device, 'astana'])
  assert.ok(here.hub.register.isGood(again.device, serialOf(again)))
})

test('let in again without a code: it is asked for no more', async (here) => {
  const member = await enrolled(here)
  await here.hub.desk.revoke(member.device, 'admin')
  await asks(here)
  await until('a code', 10, () => here.enrolment.code || null)
  await here.enrolment.welcomed()
  assert.equal([here.enrolment.isOut, here.enrolment.code], [null, ''])
})

test('no hub, a stranger, a good standing: nothing of it takes a device out of its fleet', async (here) => {
  const member = await enrolled(here)
  await asks(here)
  assert.is(here.enrolment.isOut, null, 'the hub says that it is good')
  await here.hub.desk.revoke(member.device, 'admin')
  const { operator } = here.hub
  here.hub.operator = new Operator('')
  await asks(here)
  assert.is(here.enrolment.isOut, null)
  assert.match(here.enrolment.asking.why, 'not signed by the operator')
  here.hub.operator = operator
  const { port } = new URL(here.hub.web.url)
  await here.hub.web.stop()
  await until('nobody answers', 10, async () => {
    await here.enrolment.askWhy()
    return here.enrolment.asking.why.includes('ECONNREFUSED')
  })
  assert.equal([here.enrolment.isOut, here.enrolment.code], [null, ''])
  await here.hub.open(Number(port))
  await asks(here)
  assert.is(here.enrolment.isOut, 'revoked', 'the operator has said so')
})

test('the desk answers nobody who has not the key, or the certificate of another authority', async (here) => {
  const member = await enrolled(here)
  await asks(here)
  const { body, sig } = JSON.parse(here.hub.web.asked.at(-1)!.toString('utf8')) as { body: string; sig: string }
  const { desk } = here.hub
  const refused = (asked: { body: string; sig: string }) => desk.standing(asked).then(() => '', codeOf)
  assert.is(await refused({ body, sig }), '')
  assert.is(await refused({ body: body.replace('"renewal":null', '"renewal": null'), sig }), 'ENROLMENT_REFUSED')
  assert.is(await refused({ body: body.replaceAll(member.device, 'vb-zzzzzzzzzz234567'), sig }), 'ENROLMENT_REFUSED')
  assert.is(await refused({ body: '{}', sig: '' }), 'ENROLMENT_REFUSED')
  const other = await EnrolmentHub.start()
  assert.is(await other.desk.standing({ body, sig }).then(() => '', codeOf), 'ENROLMENT_REFUSED')
  await other.stop()
})

test.run()
