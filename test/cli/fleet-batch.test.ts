/** `verbatim fleet batch`: codes in a file, and the console's own server that is told of them. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf, messageOf } from '../../controller/base/error.ts'
import type { Surroundings } from '../../controller/cli/command.ts'
import { fleetCommand } from '../../controller/cli/fleet.ts'
import { ExpectedCodes } from '../../controller/ports/authority/expected-codes.ts'
import { AuditLog } from '../../controller/ports/console/audit-log.ts'
import { startConsole } from '../../controller/ports/console/console-server.ts'
import { People } from '../../controller/ports/console/people.ts'
import { shipmentIn } from '../../controller/wire/shipment.ts'
import { FakeBackend } from '../builders/fake-backend.ts'

const home = mkdtempSync(join(tmpdir(), 'verbatim-batch-'))
test.after(() => rmSync(home, { recursive: true, force: true }))

const PASSWORD = 'a long enough one'
const COURT = ['--court', 'almaty-district', '--court-name', 'Алматы аудандық соты']

const batch = async (...words: string[]): Promise<string> => {
  const said: string[] = []
  const env = { VERBATIM_PASSWORD: PASSWORD }
  const around: Surroundings = {
    ...{ env, print: (line) => said.push(line), tell: () => {}, isTerminal: false, programFile: '' },
  }
  assert.is(await fleetCommand.run(['batch', ...words], around), 0)
  return said.join('\n')
}

test('codes for nobody else to read, each once, as the hub takes them', async () => {
  const to = join(home, 'alone.csv')
  assert.match(await batch('600', ...COURT, '--to', to), '600 codes')
  assert.is(statSync(to).mode & 0o777, 0o600)
  const rooms = shipmentIn(readFileSync(to, 'utf8'))
  assert.equal([rooms.length, rooms[599]!.court, rooms[599]!.courtName], [600, COURT[1], COURT[3]])
  const expected = await ExpectedCodes.open(home)
  await expected.add(rooms)
  assert.is(expected.count, 600)
  const again = await batch('1', ...COURT, '--to', to).then(String, messageOf)
  assert.match(again, 'is there already')
})

test('the hub is told by whoever may, and what it does not take is still in the file', async () => {
  const backend = new FakeBackend(0)
  const people = await People.open(home)
  for (const role of ['viewer', 'administrator'] as const) await people.put(role, PASSWORD, role)
  const hub = await startConsole({
    ...{ host: '127.0.0.1', port: 0, tls: null, pageFolder: home, backend, prometheusToken: null, people },
    ...{ audit: await AuditLog.open(home), log: pino({ enabled: false }) },
  })
  const as = (user: string) => ['--hub', hub.url, '--user', user]
  try {
    const to = join(home, 'told.csv')
    assert.match(await batch('501', ...COURT, '--to', to, ...as('administrator')), 'the hub expects them')
    const asked = backend.asked.map(([, body]) => (body as { rooms: unknown[] }).rooms)
    assert.equal(
      asked.map(({ length }) => length),
      [500, 1],
    )
    assert.equal(asked.flat(), shipmentIn(readFileSync(to, 'utf8')))

    const refused = join(home, 'refused.csv')
    const fault = await batch('2', ...COURT, '--to', refused, ...as('viewer')).then(String, (thrown: unknown) => thrown)
    assert.is(codeOf(fault), 'ENROLMENT_REFUSED')
    assert.match(messageOf(fault), 'NOT_PERMITTED')
    assert.is(shipmentIn(readFileSync(refused, 'utf8')).length, 2)
  } finally {
    await hub.stop()
  }
  const gone = await batch('2', ...COURT, '--to', join(home, 'gone.csv'), ...as('administrator')).then(String, codeOf)
  assert.is(gone, 'NO_ANSWER')
})

test('a wrong command line makes no file', async () => {
  const to = join(home, 'wrong.csv')
  for (const words of [
    ['0', ...COURT, '--to', to],
    ['many', ...COURT, '--to', to],
    ['5', '--court', 'No Court', '--to', to],
    ['5', '--court', 'x', '--court-name', 'a;b', '--to', to],
    ['5', ...COURT, '--to', to, '--hub', 'https://localhost:1'],
    ['5', ...COURT, '--to', to, '--hub', 'localhost', '--user', 'anna'],
    ['5', ...COURT],
  ])
    assert.is(await batch(...words).then(String, codeOf), 'USAGE', words.join(' '))
  assert.throws(() => statSync(to), /ENOENT/)
})

test.run()
