import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isSigned, keyIdOf } from '../../controller/base/ed25519.ts'
import { logger } from '../../controller/base/log.ts'
import { receiptPayload } from '../../controller/journal/payload.ts'
import { judge } from '../../controller/ports/witness-book/judge.ts'
import { type RunningWitness, startWitness } from '../../controller/ports/witness-book/witness-server.ts'
import { headOf, makeKey, placeOf } from '../builders/signed.ts'

interface Context {
  home: string
  witness: RunningWitness
}
const test = suite<Context>('witness-book')
const log = logger('test')
log.level = 'silent'

test.before.each(async (context) => {
  context.home = mkdtempSync(join(tmpdir(), 'verbatim-witness-'))
  context.witness = await startWitness({ home: context.home, port: 0, log })
})
test.after.each(async ({ home, witness }) => {
  await witness.stop()
  rmSync(home, { recursive: true, force: true })
})

const show = async (url: string, place: unknown) => {
  const answer = await fetch(url, { method: 'POST', body: typeof place === 'string' ? place : JSON.stringify(place) })
  const text = await answer.text()
  return { status: answer.status, said: answer.status === 413 ? null : JSON.parse(text) }
}

const device = makeKey()
const HEARING = '2026-11-24_090000_зал-3_2-17-26'

test('only forward: what is shown again is known, what contradicts is named', () => {
  const shown = [1, 5, 9].map((upto) => ({ upto, head: headOf(upto) }))
  const judged = (upto: number, branch = '') => {
    const { is, ...more } = judge(shown, { upto, head: headOf(upto, branch) })
    return 'code' in more ? more.code : is
  }
  assert.equal(
    [judged(10), judged(9), judged(9, 'other'), judged(5, 'other')],
    ['new', 'known', 'conflict', 'conflict'],
  )
  // Delivered twice, and late: the same as before contradicts nothing.
  assert.equal([judged(5), judged(7), judged(0)], ['known', 'rollback', 'rollback'])
  assert.is(judge([], { upto: 0, head: headOf(0) }).is, 'new')
})

test('a receipt proves itself, and is the same one each time', async ({ witness }) => {
  const place = placeOf(device, HEARING, 7)
  const { status, said } = await show(witness.url, place)
  assert.is(status, 200)
  assert.equal(
    [said.is, said.device, said.hearing, said.upto, said.head],
    ['receipt', device.id, HEARING, 7, headOf(7)],
  )
  assert.is(keyIdOf(said.publicKey), witness.key)
  assert.is(said.witness, witness.key)
  assert.ok(isSigned(receiptPayload(device.id, HEARING, place, said.receivedUtc), said.signature, said.publicKey))
  assert.equal((await show(witness.url, place)).said, said)
})

test('the key is made once and is nobody else’s to read; the book outlasts a restart', async ({ home, witness }) => {
  const { said } = await show(witness.url, placeOf(device, HEARING, 7))
  assert.is(statSync(join(home, 'witness-key.pem')).mode & 0o777, 0o600)
  await witness.stop()
  const again = await startWitness({ home, port: 0, log })
  try {
    assert.is(again.key, witness.key)
    assert.equal((await show(again.url, placeOf(device, HEARING, 7))).said, said)
    assert.is((await show(again.url, placeOf(device, HEARING, 6))).said.code, 'rollback')
  } finally {
    await again.stop()
  }
})

test('rollback and another head are refused with what is known, and remembered as signed', async ({
  home,
  witness,
}) => {
  const receipts = []
  for (const upto of [3, 8]) receipts.push((await show(witness.url, placeOf(device, HEARING, upto))).said)
  const back = await show(witness.url, placeOf(device, HEARING, 5))
  const other = await show(witness.url, placeOf(device, HEARING, 3, 'rewritten'))
  const latest = await show(witness.url, placeOf(device, HEARING, 8, 'rewritten'))
  assert.equal([back.status, other.status, latest.status], [409, 409, 409])
  assert.equal([back.said.code, other.said.code, latest.said.code], ['rollback', 'conflict', 'conflict'])
  const { is: _is, ...first } = receipts[0]
  const { is: _also, ...second } = receipts[1]
  assert.equal([back.said.known, other.said.known, latest.said.known], [second, first, second])
  const lines = readFileSync(join(home, 'conflicts.ndjson'), 'utf8').trim().split('\n')
  const told = lines.map((line) => JSON.parse(line))
  assert.equal(
    told.map(({ code, known, place }) => [code, known.upto, place.upto]),
    [
      ['rollback', 8, 5],
      ['conflict', 3, 3],
      ['conflict', 8, 8],
    ],
  )
  assert.equal(told[0].place, placeOf(device, HEARING, 5))
  // Nothing of it came into the book, and the journal may go on from where the witness knows it.
  assert.is((await show(witness.url, placeOf(device, HEARING, 9))).status, 200)
  const known = await (await fetch(`${witness.url}receipts/${device.id}/${encodeURIComponent(HEARING)}`)).text()
  const uptos = known
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).upto)
  assert.equal(uptos, [3, 8, 9])
})

test('receipts are read by anybody, in the form of receipts.ndjson', async ({ witness }) => {
  const { said } = await show(witness.url, placeOf(device, HEARING, 4))
  await show(witness.url, placeOf(makeKey(), HEARING, 2))
  await show(witness.url, placeOf(device, 'another', 1))
  const answer = await fetch(`${witness.url}receipts/${device.id}/${encodeURIComponent(HEARING)}`)
  const { is: _is, device: _device, hearing: _hearing, ...entry } = said
  assert.is(await answer.text(), `${JSON.stringify(entry)}\n`)
  assert.is(await (await fetch(`${witness.url}receipts/${makeKey().id}/${HEARING}`)).text(), '')
  for (const path of ['receipts/x/y', '', '../witness-key.pem', 'receipts'])
    assert.is((await fetch(`${witness.url}${path}`)).status, 404)
})

test('what is no place, or not signed by whom it names, is refused', async ({ home, witness }) => {
  const good = placeOf(device, HEARING, 4)
  const wrong = [
    ['rubbish', 400],
    ['{}', 400],
    [{ ...good, upto: -1 }, 400],
    [{ ...good, head: good.head.toUpperCase() }, 400],
    [{ ...good, upto: 5 }, 403],
    [{ ...good, hearing: 'another' }, 403],
    [{ ...good, signature: placeOf(makeKey(), HEARING, 4).signature }, 403],
    [{ ...good, device: { ...good.device, key: makeKey().id } }, 403],
    ['x'.repeat(70_000), 413],
  ] as const
  for (const [place, status] of wrong) assert.is((await show(witness.url, place)).status, status)
  assert.equal(readdirSync(home).sort(), ['witness-certificate.der', 'witness-key.pem'])
})

test('half a line in the book, left by a power cut, is written over', async ({ home, witness }) => {
  await show(witness.url, placeOf(device, HEARING, 4))
  const [name] = readdirSync(join(home, 'book'))
  const file = join(home, 'book', name!)
  const before = readFileSync(file, 'utf8')
  appendFileSync(file, '{"device":"half')
  assert.is((await show(witness.url, placeOf(device, HEARING, 5))).status, 200)
  const lines = readFileSync(file, 'utf8').split('\n')
  assert.is(`${lines[0]}\n`, before)
  const { receivedUtc: _utc, ...line } = JSON.parse(lines[1]!)
  assert.equal(line, { device: device.id, hearing: HEARING, upto: 5, head: headOf(5) })
  assert.is(lines.length, 3)
})

test('of many at once none is shown a receipt that contradicts another', async ({ witness }) => {
  const places = Array.from({ length: 20 }, (_, i) => placeOf(device, HEARING, 6, `branch ${i}`))
  const answers = await Promise.all(places.map((place) => show(witness.url, place)))
  assert.is(answers.filter(({ status }) => status === 200).length, 1)
})

test('who goes away in the middle of a question disturbs nobody', async ({ witness }) => {
  const half = request(witness.url, { method: 'POST', headers: { 'content-length': 500 } })
  half.on('error', () => {})
  half.write('{"device"')
  await new Promise((resolve) => setTimeout(resolve, 50))
  half.destroy()
  assert.is((await show(witness.url, placeOf(device, HEARING, 4))).status, 200)
})

test.run()
