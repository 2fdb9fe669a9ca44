/** `verbatim verify --receipts ADDRESS`: a witness or a hub is asked, and whoever is none is called so. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import { signaturePayload } from '../../controller/journal/payload.ts'
import { Authority } from '../../controller/ports/authority/authority.ts'
import { AuditLog } from '../../controller/ports/console/audit-log.ts'
import { startConsole } from '../../controller/ports/console/console-server.ts'
import { People } from '../../controller/ports/console/people.ts'
import { askWitness } from '../../controller/ports/evidence/asked-witness.ts'
import { type RunningWitness, startWitness } from '../../controller/ports/witness-book/witness-server.ts'
import { FakeBackend } from '../builders/fake-backend.ts'
import { flood, serveHttp } from '../builders/http-server.ts'
import { makeIdentity } from '../builders/identity.ts'
import { goodHearing } from '../builders/signed-hearing.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-verify-asked-'))
const log = pino({ enabled: false })
const device = await makeIdentity('room-3')
/** Signed at its end, and witnessed by nobody as far as its folder says. */
const hearing = goodHearing(device)
const folder = join(dir, 'hearing')
const parts = {} as { witness: RunningWitness }
const test = suite('verbatim verify --receipts ADDRESS')

const verify = async (...words: string[]) => {
  const child = spawn(process.execPath, ['dist/verbatim.js', 'verify', folder, ...words])
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, out, err }
}

/** The device shows its last signed place, as it would have while it recorded. */
const show = (url: string) => {
  const upto = hearing.heads.length - 2
  const place = { upto, head: hearing.heads[upto]!, utc: '2026-11-23T09:00:10.000Z', monoMs: 10 }
  const { key, publicKey, certificates } = device
  const signature = device.sign(signaturePayload(hearing.id, place))
  const body = JSON.stringify({ device: { key, publicKey, certificates }, hearing: hearing.id, ...place, signature })
  return fetch(url, { method: 'POST', body })
}

test.before(async () => {
  for (const [path, bytes] of hearing.folder()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  parts.witness = await startWitness({ home: join(dir, 'witness'), port: 0, log })
  assert.is((await show(parts.witness.url)).status, 200)
})
test.after(async () => {
  await parts.witness?.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('a witness: its receipts count, and the report says who was asked', async () => {
  const { url } = parts.witness
  const before = JSON.parse((await verify('--json')).out)
  assert.is(before.witnessed, null)
  const { code, out } = await verify('--json', '--receipts', url)
  const { witnessed, asked } = JSON.parse(out)
  assert.is(code, 0)
  assert.is(witnessed.count, 1)
  assert.equal(asked, { url, receipts: 1, proven: false })
  const [first] = (await verify('--receipts', url, '--lang', 'ru')).out.split('\n')
  assert.ok(first!.startsWith('Запрошен свидетель') && first!.includes(url), first)
})

test("a hub with its own authority: any server is believed, and with --ca only the hub's", async () => {
  const authority = await Authority.open({ home: join(dir, 'authority'), region: 'Almaty', days: 30 })
  const tls = await authority.serverFiles(['localhost'])
  const [own, other] = [join(dir, 'ca.pem'), join(dir, 'other.pem')]
  writeFileSync(own, authority.pem)
  writeFileSync(other, (await Authority.open({ home: join(dir, 'other'), region: 'Other', days: 30 })).pem)
  const pageFolder = join(dir, 'page')
  mkdirSync(pageFolder)
  const backend = new FakeBackend(0)
  // What the hub does: the same desk over another server.
  backend.receipts = async (key, id) => {
    const lines = (await (await fetch(`${parts.witness.url}receipts/${key}/${id}`)).text()).trim().split('\n')
    return lines.map((line) => ({ device: key, hearing: id, ...JSON.parse(line) }))
  }
  const hub = await startConsole({
    ...{ host: '127.0.0.1', port: 0, tls, pageFolder, backend, prometheusToken: null, log },
    ...{ people: await People.open(dir), audit: await AuditLog.open(dir) },
  })
  try {
    for (const [words, proven] of [
      [[], false],
      [['--ca', own], true],
    ] as const) {
      const { code, out, err } = await verify('--json', '--receipts', hub.url, ...words)
      assert.is(code, 0, err)
      assert.equal(JSON.parse(out).asked, { url: hub.url, receipts: 1, proven })
    }
    const { code, err } = await verify('--receipts', hub.url, '--ca', other)
    assert.is(code, 69)
    assert.match(err, /\(NO_ANSWER\)/)
  } finally {
    await hub.stop()
  }
})

test('whoever does not answer, or is no witness, is called so before anything is verified', async () => {
  const gone = await serveHttp(() => {})
  await gone.stop()
  const page = await serveHttp((_, response, { url = '' }) => {
    if (url.startsWith('/page/')) response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome</p>')
    else if (url.startsWith('/cut/')) response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end('{"up')
    else if (url.startsWith('/busy/')) response.writeHead(429).end()
    else if (url.startsWith('/flood/')) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      flood(response, 80 << 20)
    } else response.writeHead(404).end()
  })
  try {
    for (const [url, known] of [
      [gone.url, 'NO_ANSWER'],
      [page.url, 'NOT_FOUND'],
      [`${page.url}page`, 'ANSWER_INVALID'],
      [`${page.url}cut/`, 'ANSWER_INVALID'],
      [`${page.url}busy`, 'NO_ANSWER'],
      [`${page.url}flood`, 'ANSWER_INVALID'],
    ] as const) {
      const fault = await askWitness(url, { hearing: hearing.id, keys: [device.key] }, null).catch(codeOf)
      assert.is(fault, known, url)
    }
    const { code, out, err } = await verify('--receipts', page.url)
    assert.equal([code, out], [69, ''], err)
    assert.match(err, /\(NOT_FOUND\)/)
  } finally {
    await page.stop()
  }
  assert.is((await verify('--receipts', 'http://:1')).code, 64)
  assert.is((await verify('--receipts', parts.witness.url, '--ca', 'ca.pem')).code, 64)
})

test('lines that are no receipts are found in the report; a hearing that was never shown has none', async () => {
  const strange = await serveHttp((_, response, { url = '' }) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(url.startsWith('/none/') ? '' : '{"no":"receipt"}\n')
  })
  try {
    const { code, out } = await verify('--json', '--receipts', strange.url)
    const { findings, asked } = JSON.parse(out)
    assert.equal([code, asked.receipts], [0, 1])
    assert.ok(findings.some((one: { code: string; file: string }) => one.code === 'receipt-void'))
    const none = await askWitness(`${strange.url}none/`, { hearing: hearing.id, keys: [device.key] }, null)
    assert.is(none.asked.receipts, 0)
  } finally {
    await strange.stop()
  }
})

test.run()
