import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import { logger } from '../../controller/base/log.ts'
import type { ReceiptEntry } from '../../controller/journal/entry.ts'
import { keepLateReceipt } from '../../controller/ports/witness/late-receipts.ts'
import { overHttp } from '../../controller/ports/witness/over-http.ts'
import { Owed } from '../../controller/ports/witness/owed.ts'
import { Pin } from '../../controller/ports/witness/pin.ts'
import { receiptIn } from '../../controller/ports/witness/receipt.ts'
import { Witnessing } from '../../controller/ports/witness/witnessing.ts'
import { startWitness } from '../../controller/ports/witness-book/witness-server.ts'
import { type Answering, flood, serveHttp, trickle } from '../builders/http-server.ts'
import { makeKey, placeOf, receiptOf } from '../builders/signed.ts'
import { makeStore } from '../builders/store.ts'
import { until } from '../stories/stage/until.ts'

interface Context {
  dir: string
}
const test = suite<Context>('witness')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-witness-'))
})
const running: Witnessing[] = []
test.after.each(async ({ dir }) => {
  for (const witnessing of running.splice(0)) await witnessing.stop()
  rmSync(dir, { recursive: true, force: true })
})

const silent = logger('test')
silent.level = 'silent'
const device = makeKey()
const witness = makeKey()
const FAST = { firstMs: 20, longestMs: 100 }

/** A logger that keeps what it was told. */
const listening = () => {
  const told: { code?: string; text: string }[] = []
  const keep = (about: { code?: string }, text: string) => told.push({ ...about, text })
  return { told, log: Object.assign(logger('test'), { level: 'silent', warn: keep, info: keep, error: keep }) }
}

interface Setting {
  dir: string
  url: string
  trust?: string
  told?: () => string | null
  withinMs?: number
  deliver?: (hearing: string, receipt: ReceiptEntry) => Promise<void>
}

const begin = async ({ dir, url, trust, told: key, withinMs = 300, deliver }: Setting) => {
  const { told, log } = listening()
  const got: { hearing: string; upto: number }[] = []
  const doubts: string[] = []
  const witnessing = new Witnessing({
    show: overHttp(url, withinMs),
    owed: await Owed.open(join(dir, 'owed'), log),
    pin: await Pin.open(dir, { url, trust, ...(key ? { told: key } : {}) }, log),
    doubted: (code) => doubts.push(code),
    log,
    deliver: async (hearing, receipt) => {
      await deliver?.(hearing, receipt)
      got.push({ hearing, upto: receipt.upto })
    },
    retry: FAST,
    rest: FAST,
  })
  running.push(witnessing)
  witnessing.start()
  const codes = () => told.flatMap(({ code }) => code ?? [])
  return { witnessing, got, told, codes, doubts }
}

/** Answers every place as a witness does. */
const honest: Answering = (body, response) => response.end(JSON.stringify(receiptOf(witness, JSON.parse(String(body)))))
const owedIn = (dir: string) => readdirSync(join(dir, 'owed')).filter((name) => name.endsWith('.json'))
const nothingOwed = (dir: string) => until('nothing is owed', 10, () => readdirSync(join(dir, 'owed')).length === 0)

test('a place that is shown brings a receipt, and is owed no more', async ({ dir }) => {
  const server = await serveHttp(honest)
  const { witnessing, got } = await begin({ dir, url: server.url })
  witnessing.place(placeOf(device, 'first', 5))
  await until('a receipt', 10, () => got.length > 0)
  assert.equal(got, [{ hearing: 'first', upto: 5 }])
  await nothingOwed(dir)
  await sleep(300)
  assert.is(server.asked.length, 1)
  await server.stop()
})

test('offline for long: what is owed waits on disk, and of each hearing only the last place', async ({ dir }) => {
  const gone = await serveHttp(honest)
  await gone.stop()
  const port = Number(new URL(gone.url).port)
  const first = await begin({ dir, url: gone.url })
  for (const hearing of ['monday', 'tuesday', 'wednesday'])
    for (let upto = 0; upto < 200; upto++) first.witnessing.place(placeOf(device, hearing, upto))
  await until('tried more than once', 10, () => first.codes().length > 0)
  await sleep(300)
  assert.equal(first.codes(), ['NO_ANSWER'], 'days without a network are one line')
  await first.witnessing.stop()
  assert.equal(owedIn(dir), ['monday.json', 'tuesday.json', 'wednesday.json'])

  const second = await begin({ dir, url: gone.url })
  second.witnessing.place(placeOf(device, 'thursday', 3))
  await sleep(200)
  const back = await serveHttp(honest, port)
  await until('all receipts', 10, () => second.got.length === 4)
  assert.equal(second.got, [
    { hearing: 'thursday', upto: 3 },
    { hearing: 'wednesday', upto: 199 },
    { hearing: 'tuesday', upto: 199 },
    { hearing: 'monday', upto: 199 },
  ])
  assert.is(back.asked.length, 4)
  await nothingOwed(dir)
  await back.stop()
})

test('one request at a time, and the latest place first', async ({ dir }) => {
  let atOnce = 0
  let most = 0
  const server = await serveHttp(async (body, response) => {
    most = Math.max(most, ++atOnce)
    await sleep(60)
    atOnce--
    honest(body, response, undefined as never)
  })
  const { witnessing, got } = await begin({ dir, url: server.url, withinMs: 2_000 })
  for (let upto = 0; upto < 50; upto++) {
    witnessing.place(placeOf(device, 'first', upto))
    await sleep(5)
  }
  await until('the last place', 10, () => got.at(-1)?.upto === 49)
  assert.is(most, 1)
  assert.ok(got.length < 15, `${got.length} receipts for 50 places`)
  await nothingOwed(dir)
  await server.stop()
})

/** What a witness, or someone on the way, answers wrongly, and what it is called. */
const WRONG: [string, string, Answering][] = [
  ['rubbish', 'ANSWER_INVALID', (_body, response) => response.end('<html>Welcome to the hotel</html>')],
  ['nothing', 'ANSWER_INVALID', (_body, response) => response.end()],
  ['JSON of another kind', 'ANSWER_INVALID', (_body, response) => response.end('{"is":"receipt"}')],
  ['100 MB', 'ANSWER_INVALID', (_body, response) => flood(response)],
  ['a receipt too long', 'ANSWER_INVALID', (_b, response) => response.end(JSON.stringify({ is: 'x'.repeat(70_000) }))],
  ['an error', 'ANSWER_INVALID', (_body, response) => response.writeHead(500).end('{}')],
  [
    'a redirect to a good answer',
    'ANSWER_INVALID',
    (body, response, request) =>
      request.url === '/' ? response.writeHead(307, { location: '/good' }).end() : honest(body, response, request),
  ],
  ['a slow loris', 'NO_ANSWER', (_body, response) => trickle(response)],
  ['silence', 'NO_ANSWER', () => {}],
  [
    'half an answer',
    'NO_ANSWER',
    (_b, response) => response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy()),
  ],
  ['another head', 'RECEIPT_INVALID', wrongly({ head: 'a'.repeat(64) })],
  ['another line', 'RECEIPT_INVALID', wrongly({ upto: 6 })],
  ['another hearing', 'RECEIPT_INVALID', wrongly({ hearing: 'second' })],
  ['another device', 'RECEIPT_INVALID', altered({ device: 'b'.repeat(64) })],
  ['another time than was signed', 'RECEIPT_INVALID', altered({ receivedUtc: '2026-11-24T08:00:00.000Z' })],
  ['a key that is not the one named', 'RECEIPT_INVALID', altered({ publicKey: makeKey().publicKey })],
  [
    'a refusal',
    'WITNESS_REFUSED',
    (_b, r) => r.writeHead(409).end('{"is":"refused","code":"rollback","why":"known: 9"}'),
  ],
]

function wrongly(change: Parameters<typeof receiptOf>[2]): Answering {
  return (body, response) => response.end(JSON.stringify(receiptOf(witness, JSON.parse(String(body)), change)))
}
function altered(change: object): Answering {
  return (body, response) =>
    response.end(JSON.stringify({ ...receiptOf(witness, JSON.parse(String(body))), ...change }))
}

for (const [what, code, answer] of WRONG)
  test(`refused, with a line in the log, and still owed: ${what}`, async ({ dir }) => {
    let wrong = true
    const server = await serveHttp((body, response, request) =>
      wrong ? answer(body, response, request) : honest(body, response, request),
    )
    const { witnessing, got, codes } = await begin({ dir, url: server.url })
    const before = process.memoryUsage().rss
    witnessing.place(placeOf(device, 'first', 5))
    await until('a refusal', 10, () => codes().length > 0)
    assert.is(codes()[0], code)
    assert.ok(process.memoryUsage().rss - before < 60e6, 'memory')
    assert.equal(got, [])
    // The disk may be slower than the answer.
    await until('it is owed', 10, () => owedIn(dir).join() === 'first.json')
    wrong = false
    await until('the right receipt later', 10, () => got.length > 0)
    await server.stop()
  })

test('the first key is kept, over a restart too; another is refused, and a good one taken again', async ({ dir }) => {
  let signer = witness
  const server = await serveHttp((body, response) =>
    response.end(JSON.stringify(receiptOf(signer, JSON.parse(String(body))))),
  )
  const first = await begin({ dir, url: server.url })
  first.witnessing.place(placeOf(device, 'first', 1))
  await until('a receipt', 10, () => first.got.length > 0)
  await first.witnessing.stop()
  const second = await begin({ dir, url: server.url })
  signer = makeKey()
  second.witnessing.place(placeOf(device, 'first', 2))
  await until('a refusal', 10, () => second.codes().length > 0)
  assert.is(second.codes()[0], 'WITNESS_CHANGED')
  signer = witness
  await until('a receipt again', 10, () => second.got.length > 0)
  await server.stop()
})

test('a trusted key is the only one from the beginning; another address begins anew', async ({ dir }) => {
  const server = await serveHttp(honest)
  const strict = await begin({ dir, url: server.url, trust: makeKey().id })
  strict.witnessing.place(placeOf(device, 'first', 1))
  await until('a refusal', 10, () => strict.codes().length > 0)
  assert.is(strict.codes()[0], 'WITNESS_CHANGED')
  await strict.witnessing.stop()
  await (await Pin.open(dir, { url: 'http://elsewhere/' }, silent)).keep(makeKey().id)
  const anew = await begin({ dir, url: server.url })
  await until('a receipt', 10, () => anew.got.length > 0)
  await server.stop()
})

test('the key that enrolment named counts from the first receipt on, also where another was kept before', async ({
  dir,
}) => {
  let signer = makeKey()
  const server = await serveHttp((body, response) =>
    response.end(JSON.stringify(receiptOf(signer, JSON.parse(String(body))))),
  )
  await (await Pin.open(dir, { url: server.url }, silent)).keep(signer.id)
  const { witnessing, got, codes, doubts } = await begin({ dir, url: server.url, told: () => witness.id })
  witnessing.place(placeOf(device, 'first', 1))
  await until('refused again and again', 10, () => codes().length > 1)
  assert.is(codes()[0], 'WITNESS_CHANGED')
  assert.equal([got, doubts], [[], ['WITNESS_CHANGED']], 'told of once')
  signer = witness
  await until('a receipt of the right one', 10, () => got.length > 0)
  await server.stop()
})

test('a hearing that is refused keeps no other waiting', async ({ dir }) => {
  const server = await serveHttp((body, response, request) =>
    JSON.parse(String(body)).hearing === 'rolled-back'
      ? response.writeHead(409).end('{"is":"refused","code":"rollback","why":""}')
      : honest(body, response, request),
  )
  const { witnessing, got } = await begin({ dir, url: server.url })
  witnessing.place(placeOf(device, 'honest', 7))
  witnessing.place(placeOf(device, 'rolled-back', 7))
  await until('the other one', 10, () => got.length > 0)
  assert.equal(got, [{ hearing: 'honest', upto: 7 }])
  await until('it is kept', 10, () => owedIn(dir).join() === 'rolled-back.json')
  await server.stop()
})

test('a damaged file costs its place, and nothing else', async ({ dir }) => {
  mkdirSync(join(dir, 'owed'))
  writeFileSync(join(dir, 'owed/damaged.json'), 'rubbish')
  const server = await serveHttp(honest)
  const { witnessing, got, told } = await begin({ dir, url: server.url })
  witnessing.place(placeOf(device, 'good', 1))
  await until('the good one', 10, () => got.length > 0)
  await until('it is told', 10, () => told.some(({ text }) => text.includes('cannot be read')))
  await server.stop()
})

test('when no store takes a receipt the place stays owed, and the witness gives the same receipt again', async ({
  dir,
}) => {
  const book = await startWitness({ home: join(dir, 'witness'), port: 0, log: silent })
  const stores = ['one', 'two'].map((name) => ({ name, path: join(dir, name) }))
  const deliver = (hearing: string, receipt: ReceiptEntry) => keepLateReceipt(stores, hearing, receipt)
  const { witnessing, got, codes } = await begin({ dir, url: book.url, deliver, withinMs: 2_000 })
  witnessing.place(placeOf(device, 'first', 5))
  await until('it is told', 10, () => codes().includes('RECEIPT_UNKEPT'))
  for (const { path } of stores) makeStore(path)
  for (const { path } of stores) mkdirSync(join(path, 'first'))
  for (const { path } of stores) writeFileSync(join(path, 'first/journal.ndjson'), '')
  await until('it is kept', 10, () => got.length > 0)
  const [one, two] = stores.map(({ path }) => readFileSync(join(path, 'first/receipts.ndjson'), 'utf8'))
  assert.is(one, two)
  assert.is(await (await fetch(`${book.url}receipts/${device.id}/first`)).text(), one)
  await nothingOwed(dir)
  await book.stop()
})

test('late receipts: on every store that answers, once, after what a power cut left', async ({ dir }) => {
  const stores = ['one', 'two', 'gone', 'empty'].map((name) => ({ name, path: join(dir, name) }))
  for (const { path } of stores.filter(({ name }) => name !== 'gone')) makeStore(path)
  const folders = ['one', 'two'].map((name) => join(dir, name, 'first'))
  for (const folder of folders) mkdirSync(folder)
  for (const folder of folders) writeFileSync(join(folder, 'journal.ndjson'), '')
  const receipts = [5, 9].map((upto) => {
    const place = placeOf(device, 'first', upto)
    return receiptIn(Buffer.from(JSON.stringify(receiptOf(witness, place))), place, witness.id)
  })
  await keepLateReceipt(stores, 'first', receipts[0]!)
  writeFileSync(join(folders[0]!, 'receipts.ndjson'), '{"upto":1', { flag: 'a' })
  for (const receipt of [receipts[0]!, receipts[1]!, receipts[1]!]) await keepLateReceipt(stores, 'first', receipt)
  const wanted = receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join('')
  for (const folder of folders) assert.is(readFileSync(join(folder, 'receipts.ndjson'), 'utf8'), wanted)
  assert.not(existsSync(join(dir, 'empty/first')))
  const nowhere = await keepLateReceipt(stores, 'another', receipts[0]!).catch(codeOf)
  assert.is(nowhere, 'RECEIPT_UNKEPT')
})

test.run()
