/** The day's hearings from the hub: encrypted, signed, kept, and read by this device alone. Real age, real files. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Encrypter } from 'age-encryption'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../../controller/base/error.ts'
import { Dockets } from '../../../controller/recorder/fleet/dockets.ts'
import { Operator } from '../../builders/operator.ts'

const DEVICE = 'vb-aaaaaaaaaaaaaaaa'
const hearings = [
  { case: '2-1234', startsAt: '2026-11-28T04:00:00.000Z', endsAt: '2026-11-28T05:00:00.000Z', mustRecord: true },
]
const DOCKET = { day: '2026-11-28', hearings }

interface Here {
  folder: string
  operator: Operator
  dockets: Dockets
  log: string[]
  received: number[]
}

const test = suite<Here>('dockets')

const encrypted = async (recipient: string, text: string): Promise<string> => {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(text)).toString('base64')
}

const open = async (here: Here): Promise<void> => {
  const log = pino({ level: 'debug' }, { write: (line: string) => here.log.push(line) })
  here.dockets = await Dockets.open(here.folder, log)
}

/** The code of what went wrong; empty when nothing did. */
const heard = (here: Here, payload: Buffer): Promise<string> =>
  here.dockets
    .heard(payload, {
      ...{ device: DEVICE, operatorKey: () => here.operator.key, log: pino({ enabled: false }) },
      received: (rev) => here.received.push(rev),
    })
    .then(() => '', codeOf)

const sealed = async (here: Here, rev: number, docket: object = DOCKET): Promise<Buffer> =>
  here.operator.docket(rev, await encrypted(here.dockets.recipient, JSON.stringify(docket)))

test.before.each(async (here) => {
  here.folder = mkdtempSync(join(tmpdir(), 'verbatim-docket-'))
  Object.assign(here, { operator: new Operator(DEVICE), received: [], log: [] })
  await open(here)
})
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }))

test('received, decrypted, and known over a start; an older one changes nothing', async (here) => {
  assert.is(here.dockets.docket, null)
  assert.is(await heard(here, await sealed(here, 3)), '')
  assert.equal(here.dockets.docket?.hearings[0]?.case, '2-1234')
  const { recipient } = here.dockets
  await open(here)
  assert.is(here.dockets.recipient, recipient, 'the key stays')
  assert.equal(here.dockets.docket?.day, '2026-11-28')
  assert.is(await heard(here, await sealed(here, 2, { ...DOCKET, day: '2026-11-27' })), '')
  assert.equal(here.dockets.docket?.day, '2026-11-28')
  assert.is(await heard(here, await sealed(here, 4, { ...DOCKET, day: '2026-11-29' })), '')
  assert.equal(here.dockets.docket?.day, '2026-11-29')
  assert.equal(here.received, [3, 4])
})

test('key and docket are for the recorder alone, and no case is in a log', async (here) => {
  await heard(here, await sealed(here, 1))
  for (const name of ['docket.key', 'docket.json']) assert.is(statSync(join(here.folder, name)).mode & 0o077, 0, name)
  assert.match(readFileSync(join(here.folder, 'docket.json'), 'utf8'), '2-1234')
  assert.not.match(here.log.join(''), '2-1234')
})

test('for another device, not of the operator, not to this key or not of the schema: nothing is taken', async (here) => {
  await heard(here, await sealed(here, 1))
  const good = await encrypted(here.dockets.recipient, JSON.stringify(DOCKET))
  assert.is(await heard(here, new Operator(DEVICE).docket(9, good)), 'SIGNATURE_INVALID')
  assert.is(await heard(here, new Operator('vb-bbbbbbbbbbbbbbbb').docket(9, good)), 'SIGNATURE_INVALID')
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-other-docket-'))
  const other = await Dockets.open(folder, pino({ enabled: false }))
  rmSync(folder, { recursive: true })
  const foreign = here.operator.docket(9, await encrypted(other.recipient, JSON.stringify(DOCKET)))
  assert.is(await heard(here, foreign), 'MESSAGE_INVALID')
  assert.is(await heard(here, await sealed(here, 9, { day: 'today' })), 'MESSAGE_INVALID')
  assert.is(await heard(here, Buffer.from('{')), 'MESSAGE_INVALID')
  assert.equal([here.received, here.dockets.docket?.day], [[1], '2026-11-28'])
})

test('a docket that cannot be read is waited for anew', async (here) => {
  await heard(here, await sealed(here, 5))
  writeFileSync(join(here.folder, 'docket.json'), 'torn')
  rmSync(join(here.folder, 'docket.json.previous'), { force: true })
  await open(here)
  assert.is(here.dockets.docket, null)
  assert.match(here.log.join(''), 'the hub sends it again')
  assert.is(await heard(here, await sealed(here, 5)), '')
  assert.is(here.dockets.docket?.day, '2026-11-28')
})

test.run()
