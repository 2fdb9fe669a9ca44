import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf, messageOf } from '../../controller/base/error.ts'
import { logger } from '../../controller/base/log.ts'
import type { SignedPlace } from '../../controller/journal/entry.ts'
import { askAuthority } from '../../controller/ports/timestamp/ask-authority.ts'
import { HearingStamps } from '../../controller/ports/timestamp/hearing-stamps.ts'
import { encodeRequest, newRequest } from '../../controller/ports/timestamp/request.ts'
import { type Answering, flood, serveHttp, trickle } from '../builders/http-server.ts'
import { headOf } from '../builders/signed.ts'
import { makeTimeStamper } from '../builders/time-stamper.ts'
import { until } from '../stories/stage/until.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-timestamp-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const authority = makeTimeStamper(dir)
const never = new AbortController().signal

const reply = (response: ServerResponse, bytes: Uint8Array) =>
  response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(bytes)
const honest: Answering = (query, response) => reply(response, authority.reply(query))

/** What openssl says of a token for a line, knowing nothing of ours. */
const verdict = (line: string, token: string): string => {
  const [data, file] = [join(dir, 'line'), join(dir, 'token')]
  writeFileSync(data, line)
  writeFileSync(file, Buffer.from(token, 'base64'))
  const words = ['ts', '-verify', '-data', data, '-token_in', '-in', file, '-CAfile', authority.ca]
  try {
    return execFileSync('openssl', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  } catch (fault) {
    return messageOf(fault)
  }
}

test('a request is what openssl calls one: SHA-256, a nonce, the certificate asked for', () => {
  for (let i = 0; i < 20; i++) {
    const request = newRequest(headOf(i))
    writeFileSync(join(dir, 'query'), encodeRequest(request))
    const text = execFileSync('openssl', ['ts', '-query', '-in', join(dir, 'query'), '-text'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    assert.match(text, 'Hash Algorithm: sha256')
    assert.match(text, 'Certificate required: yes')
    assert.match(text, `Nonce: 0x${request.nonce.toString('hex').toUpperCase()}`)
  }
})

test('a token of the line proves itself to openssl, and not for another line', async () => {
  const line = '{"v":1,"n":7,"kind":"checkpoint"}'
  const server = await serveHttp(honest)
  const token = await askAuthority(server.url)(createHash('sha256').update(line).digest('hex'), never)
  assert.match(verdict(line, token), 'Verification: OK')
  assert.not.match(verdict(`${line} `, token), 'Verification: OK')
  await server.stop()
})

/** A good answer to another question than was asked. */
const otherwise =
  (change: (request: { head: string; nonce: Buffer }) => object): Answering =>
  (query, response) => {
    // The imprint and the nonce are where DER puts them in a request of this length.
    const head = query
      .subarray(query.indexOf(Buffer.from('0420', 'hex')) + 2)
      .subarray(0, 32)
      .toString('hex')
    const nonce = query.subarray(-19, -3)
    reply(response, authority.reply(encodeRequest({ head, nonce, ...change({ head, nonce }) })))
  }

const WRONG: [string, string, Answering][] = [
  ['rubbish', 'ANSWER_INVALID', (_query, response) => reply(response, Buffer.from('rubbish'))],
  ['nothing', 'ANSWER_INVALID', (_query, response) => reply(response, Buffer.alloc(0))],
  ['zeros', 'ANSWER_INVALID', (_query, response) => reply(response, Buffer.alloc(3_000))],
  ['brackets without end', 'ANSWER_INVALID', (_query, response) => reply(response, Buffer.alloc(60_000, 0x30))],
  ['half an answer', 'ANSWER_INVALID', (query, response) => reply(response, authority.reply(query).subarray(0, 500))],
  ['a page', 'ANSWER_INVALID', (_query, response) => response.end('<html>')],
  ['an error', 'ANSWER_INVALID', (_query, response) => response.writeHead(503).end()],
  ['a redirect', 'ANSWER_INVALID', (_query, response) => response.writeHead(302, { location: '/' }).end()],
  ['100 MB', 'ANSWER_INVALID', (_query, response) => flood(response)],
  ['a slow loris', 'NO_ANSWER', (_query, response) => trickle(response)],
  ['silence', 'NO_ANSWER', () => {}],
  ['a stamp of another head', 'STAMP_INVALID', otherwise(() => ({ head: headOf(99) }))],
  ['a stamp of another request', 'STAMP_INVALID', otherwise(() => ({ nonce: newRequest(headOf(0)).nonce }))],
  ['a refusal', 'STAMP_REFUSED', (_query, response) => reply(response, authority.reply(Buffer.from('3000', 'hex')))],
]

for (const [what, code, answer] of WRONG)
  test(`refused: ${what}`, async () => {
    const server = await serveHttp(answer)
    const asked = askAuthority(server.url, 500)(headOf(1), never)
    const said = await asked.then(
      () => 'a token',
      (fault) => codeOf(fault),
    )
    assert.is(said, code)
    await server.stop()
  })

const begin = (url: string, everyMs: number) => {
  const told: string[] = []
  const stamps: (SignedPlace & { token: string })[] = []
  const keep = (_about: object, text: string) => told.push(text)
  const log = Object.assign(logger('test'), { level: 'silent', warn: keep, error: keep })
  const hearing = new HearingStamps({
    ...{ hearing: 'first', everyMs, log, ask: askAuthority(url, 300) },
    deliver: (stamp) => stamps.push(stamp),
    retry: { firstMs: 20, longestMs: 100 },
  })
  const place = (upto: number) => hearing.place({ upto, head: headOf(upto) })
  return { hearing, place, stamps, told, uptos: () => stamps.map(({ upto }) => upto) }
}

test('stamped at its opening, when it is due, and at its closing', async () => {
  const server = await serveHttp(honest)
  const { hearing, place, stamps, uptos, told } = begin(server.url, 600)
  place(3)
  await until('the opening', 10, () => uptos().length === 1)
  place(5)
  await sleep(100)
  assert.equal(uptos(), [3], 'not due yet')
  await sleep(600)
  place(8)
  await until('it is due', 10, () => uptos().length === 2)
  place(11)
  await hearing.close(5_000)
  assert.equal(uptos(), [3, 8, 11])
  assert.match(verdict('line 11 ', stamps[2]!.token), 'Verification: OK')
  assert.equal(told, [])
  await server.stop()
})

test('nothing is stamped twice: a hearing whose last place has a stamp closes at once', async () => {
  const server = await serveHttp(honest)
  const { hearing, place, uptos } = begin(server.url, 60_000)
  place(3)
  await until('the opening', 10, () => uptos().length === 1)
  await hearing.close(5_000)
  assert.is(server.asked.length, 1)
  await begin(server.url, 60_000).hearing.close(5_000)
  await server.stop()
})

test('an authority that is away, then talks rubbish, then stamps: asked again, for the latest place', async () => {
  const gone = await serveHttp(honest)
  await gone.stop()
  const port = Number(new URL(gone.url).port)
  const { hearing, place, uptos, told } = begin(gone.url, 60_000)
  for (let upto = 1; upto < 20; upto++, await sleep(20)) place(upto)
  assert.is(told.length, 1)
  const rubbish = await serveHttp((_query, response) => response.end('rubbish'), port)
  await until('it is told', 10, () => told.length > 2)
  assert.equal(uptos(), [])
  await rubbish.stop()
  const back = await serveHttp(honest, port)
  await until('a stamp', 10, () => uptos().length === 1)
  assert.equal(uptos(), [19])
  hearing.stop()
  await back.stop()
})

test('a closing stamp that does not come in time is told, and asked for until it comes', async () => {
  let isBack = false
  const server = await serveHttp((...asked) => (isBack ? honest(...asked) : asked[1].destroy()))
  const { hearing, place, uptos, told } = begin(server.url, 60_000)
  place(3)
  const began = performance.now()
  assert.is(await hearing.close(400), false)
  assert.ok(performance.now() - began < 2_000)
  assert.is(told.at(-1), 'the closing time stamp is late')
  assert.equal(uptos(), [])
  isBack = true
  await until('the stamp', 10, () => uptos().length === 1)
  hearing.stop()
  await server.stop()
})

test.run()
