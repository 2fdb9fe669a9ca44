import { X509Certificate } from 'node:crypto'
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import { giveReader, listReaders, revokeReader } from '../../controller/cli/fleet-reader.ts'
import { Authority } from '../../controller/ports/authority/authority.ts'
import { ReaderRegister } from '../../controller/ports/authority/readers.ts'
import { parseHubConfig } from '../../controller/wire/hub-config.ts'
import { until } from '../stories/stage/until.ts'

const home = mkdtempSync(join(tmpdir(), 'verbatim-reader-'))
test.after(() => rmSync(home, { recursive: true, force: true }))

const config = parseHubConfig({ region: 'Almaty Region', home, certificates: { days: 30 } })
const to = join(home, 'files')

/** Empty when it went well. */
const codeOfRejected = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => '',
    (fault) => codeOf(fault) ?? '',
  )

test('a hub that has never run gives no reader a certificate, and makes no authority', async () => {
  assert.is(await codeOfRejected(giveReader(config, 'zabbix', to)), 'USAGE')
})

test('three files: of this authority, by this name, for so long, and the key for nobody else', async () => {
  const authority = await Authority.open({ home: join(home, 'authority'), region: config.region, days: 30 })
  assert.is(await giveReader(config, 'zabbix', to), 'reader-zabbix')
  const [ca, cert] = ['ca.pem', 'reader.pem'].map((file) => new X509Certificate(readFileSync(join(to, file))))
  assert.is(cert!.subject, 'CN=reader-zabbix')
  assert.ok(cert!.verify(ca!.publicKey))
  assert.is(`${ca!.toString()}`.replaceAll(/\s/g, ''), authority.pem.replaceAll(/\s/g, ''))
  const days = (Date.parse(cert!.validTo) - Date.parse(cert!.validFrom)) / 86_400_000
  assert.ok(days >= 30 && days < 32, `${days}`)
  assert.is(statSync(join(to, 'reader.key')).mode & 0o777, 0o600)
})

test('files that are there are never written over', async () => {
  copyFileSync(join(to, 'reader.pem'), join(home, 'kept.pem'))
  const before = readFileSync(join(to, 'reader.key'), 'utf8')
  rmSync(join(to, 'reader.pem'))
  assert.is(await codeOfRejected(giveReader(config, 'grafana', to)), 'USAGE')
  assert.is(readFileSync(join(to, 'reader.key'), 'utf8'), before)
  assert.not(existsSync(join(to, 'reader.pem')))
})

test('whoever has files is in the list, may be revoked once, and its name is not given again', async () => {
  const [line] = await listReaders(config)
  assert.match(line!, /^reader-zabbix {2}20\S+Z {2}20\S+Z$/)
  const { serialNumber } = new X509Certificate(readFileSync(join(home, 'kept.pem')))
  // As the hub does, which runs meanwhile.
  const hub = await ReaderRegister.open(join(home, 'authority'))
  assert.ok(hub.isGood('reader-zabbix', serialNumber))
  assert.not.ok(hub.isGood('reader-zabbix', '01') || hub.isGood('reader-grafana', serialNumber))
  const gone: string[] = []
  hub.watch(
    (names) => gone.push(...names),
    (fault) => assert.unreachable(String(fault)),
  )
  try {
    await revokeReader(config, 'zabbix')
    await until('the hub knows', 30, () => gone.length > 0)
    assert.equal(gone, ['reader-zabbix'])
    assert.not.ok(hub.isGood('reader-zabbix', serialNumber))
    assert.equal(
      hub.revoked(new Date()).map(({ serial }) => serial),
      [serialNumber.toLowerCase()],
    )
  } finally {
    hub.close()
  }
  assert.match((await listReaders(config)).join(), /reader-zabbix.* revoked 20/)
  assert.is(await codeOfRejected(revokeReader(config, 'zabbix')), 'NOT_FOUND')
  assert.is(await codeOfRejected(revokeReader(config, 'nobody')), 'NOT_FOUND')
  assert.is(await codeOfRejected(giveReader(config, 'zabbix', join(home, 'again'))), 'USAGE')
})

test('half a line of a power cut counts nothing, and the next one all the same', async () => {
  const file = join(home, 'authority', 'readers.ndjson')
  appendFileSync(file, '{"is":"revoked","at":"20')
  await giveReader(config, 'later', join(home, 'later'))
  assert.match((await listReaders(config)).join('\n'), /reader-later/)
})

test('no name reaches into another: not the hub, not a device, not a subject of its own', async () => {
  for (const name of ['', '-a', 'a-', 'A', 'a b', 'a/b', '../x', 'a,O=court', 'x'.repeat(31)])
    assert.is(await codeOfRejected(giveReader(config, name, join(home, 'none'))), 'USAGE', name)
})

test.run()
