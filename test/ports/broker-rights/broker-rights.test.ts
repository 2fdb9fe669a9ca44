/** Files for outside brokers; that the real ones go by them is shown in test/conformance/mqtt. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../../controller/base/error.ts'
import { BrokerRights } from '../../../controller/ports/broker-rights/broker-rights.ts'
import { mosquittoAcl } from '../../../controller/ports/broker-rights/mosquitto-acl.ts'
import { natsUsers } from '../../../controller/ports/broker-rights/nats-users.ts'
import type { Member, Rights } from '../../../controller/ports/broker-rights/rights.ts'

const test = suite<{ home: string; rights: Rights; asked: number }>('broker rights')
const ONE = { device: 'vb-abcdefghij234567', court: 'almaty-district' }
const TWO = { device: 'vb-zzzzzzzzzz234567', court: 'astana' }

test.before.each((room) => {
  room.home = mkdtempSync(join(tmpdir(), 'verbatim-rights-'))
  room.rights = { members: [ONE], readers: ['reader-x'], revoked: [], crl: 'crl' }
  room.asked = 0
})
test.after.each(({ home }) => rmSync(home, { recursive: true, force: true }))

const rightsIn = (room: { home: string; rights: Rights; asked: number }, reload: string[]) =>
  new BrokerRights({
    ...{ broker: 'mosquitto', folder: join(room.home, 'broker'), reload },
    rights: async () => {
      room.asked++
      return room.rights
    },
  })

test('every device has its own topics, and no other has one of them', () => {
  const linesOf = (acl: string, { device }: Member) =>
    acl
      .split('\n\n')
      .find((section) => section.startsWith(`user ${device}\n`))!
      .split('\n')
      .slice(1)
  const acl = mosquittoAcl({ members: [ONE, TWO], readers: [] })
  for (const one of [ONE, TWO]) {
    const lines = linesOf(acl, one)
    assert.ok(lines.length >= 12)
    for (const line of lines)
      assert.match(line, new RegExp(`^topic (read|write) verbatim/v1/${one.court}/${one.device}/`))
    for (const line of lines.filter((line) => line.startsWith('topic write'))) assert.match(line, '/up/')
    assert.equal(
      lines.filter((line) => line.startsWith('topic read')).map((line) => line.split('/').slice(4).join('/')),
      ['down/#', 'up/status'],
    )
  }
  const readers = ['reader-x']
  const read = mosquittoAcl({ members: [], readers })
    .split('\n\n')
    .find((section) => section.startsWith('user reader-x'))
  const topics = read!.split('\n').slice(1)
  assert.ok(topics.includes('topic read verbatim/v1/+/+/up/state') && topics.includes('topic read homeassistant/#'))
  // What names a case is nobody's but the room's and the witness'.
  assert.not(topics.some((line) => /witness|docket|v1\/#/.test(line)))
  const readable = natsUsers({ members: [], readers })
    .split('\n')
    .find((line) => line.includes('CN=reader-x'))!
  assert.match(readable, '"verbatim.v1.*.*.up.state"')
  assert.match(readable, '"homeassistant", "homeassistant.>"')
  assert.not.match(readable, /witness|docket|v1\.>/)
  const users = natsUsers({ members: [ONE], readers: [] })
  assert.match(users, '"verbatim:almaty-district/vb-abcdefghij234567"')
  assert.match(users, '"verbatim.v1.almaty-district.vb-abcdefghij234567.up.alarm.*"')
})

test('reloads after a change, not without one, and again after a reload that failed', async (room) => {
  const [mark, program] = [join(room.home, 'reloads'), join(room.home, 'reload.sh')]
  writeFileSync(program, `echo reloaded >> ${mark}\n`)
  const rights = rightsIn(room, ['/bin/sh', program])
  const reloads = () => readFileSync(mark, 'utf8').split('\n').length - 1
  await rights.tell()
  await rights.tell()
  assert.is(reloads(), 1)
  room.rights = { ...room.rights, members: [ONE, TWO] }
  writeFileSync(program, 'exit 3\n')
  assert.is(await rights.tell().then(() => '', codeOf), 'BROKER_UNTOLD')
  assert.match(readFileSync(join(room.home, 'broker/acl'), 'utf8'), TWO.device)
  writeFileSync(program, `echo reloaded >> ${mark}\n`)
  await rights.tell()
  assert.is(reloads(), 2)
})

test('asked often at once it writes once more, with what is true then', async (room) => {
  const rights = rightsIn(room, [])
  const first = rights.tell()
  await Promise.resolve()
  await Promise.resolve()
  const later = Array.from({ length: 50 }, () => rights.tell())
  room.rights = { ...room.rights, crl: 'later' }
  await Promise.all([first, ...later])
  assert.ok(room.asked <= 2, `${room.asked} times`)
  assert.is(readFileSync(join(room.home, 'broker/crl.pem'), 'utf8'), 'later')
})

test.run()
