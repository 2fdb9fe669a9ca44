import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeIdentity } from '../builders/identity.ts'
import { goodHearing } from '../builders/signed-hearing.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-verify-'))
const test = suite('verbatim verify')
test.after(() => rmSync(dir, { recursive: true, force: true }))

const root = await makeIdentity('Court hub', { authority: true })
const witness = await makeIdentity('Hub witness', { by: root })
const hearing = goodHearing(await makeIdentity('room-3', { by: root }), witness)
const trust = join(dir, 'trust.pem')
writeFileSync(trust, root.certificate.toString('pem'))

const write = (name: string): string => {
  for (const [path, bytes] of hearing.folder()) {
    mkdirSync(dirname(join(dir, name, path)), { recursive: true })
    writeFileSync(join(dir, name, path), bytes)
  }
  return join(dir, name)
}

const verify = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'controller/verbatim.ts', 'verify', ...words],
    { encoding: 'utf8' },
  )
  return { code: status, lines: stdout.trim().split('\n'), err: stderr }
}

test('authentic, as hearing, as mirror and as copy', () => {
  const good = write('good')
  const mirror = write('mirror')
  const copy = join(dir, 'copy')
  execFileSync('cp', ['-r', good, copy])
  for (const [at, other] of [
    [good, mirror],
    [mirror, good],
    [copy, good],
  ] as const) {
    const { code, lines, err } = verify(at, '--trust', trust, '--mirror', other)
    assert.equal([code, err], [0, ''])
    assert.match(lines.at(-1)!, /^AUTHENTIC: /)
    assert.match(lines.join('\n'), 'Device room-3')
  }
})

test('with remarks and changed, in each language, with its exit code', () => {
  const bad = write('bad')
  const path = join(bad, 'judge/0001.mp4')
  const bytes = readFileSync(path)
  bytes[80]! ^= 1
  const verdicts = {
    en: [/^AUTHENTIC, WITH REMARKS/, /^NOT AUTHENTIC/],
    ru: [/^ПОДЛИННАЯ, С ЗАМЕЧАНИЯМИ/, /^НЕ ПОДЛИННАЯ/],
    kk: [/^ТҮПНҰСҚА, ЕСКЕРТУЛЕРІМЕН/, /^ТҮПНҰСҚА ЕМЕС/],
  } as const
  for (const [lang, [remarks, changed]] of Object.entries(verdicts)) {
    writeFileSync(path, hearing.files.get('judge/0001.mp4')!)
    const before = verify(bad, '--lang', lang)
    assert.is(before.code, 0)
    assert.match(before.lines.at(-1)!, remarks)
    writeFileSync(path, bytes)
    const after = verify(bad, '--lang', lang)
    assert.is(after.code, 1)
    assert.match(after.lines.at(-1)!, changed)
    assert.match(after.lines.join('\n'), /Judge, judge\/0001\.mp4, .*2026-11-23 09:00:00 UTC/)
  }
})

test('as JSON, with receipts from the witness and with progress', () => {
  const cut = write('cut')
  writeFileSync(join(cut, 'journal.ndjson'), hearing.lines.slice(0, 6).join(''))
  const receipts = join(dir, 'receipts')
  writeFileSync(receipts, `${JSON.stringify(hearing.receiptFor(witness, 8))}\n`)
  const { code, lines, err } = verify(cut, '--json', '--receipts', receipts, '--trust', trust, '--progress')
  const { verdict, findings } = JSON.parse(lines[0]!)
  assert.equal([code, verdict, lines.length], [1, 'not-authentic', 1])
  assert.ok(findings.some((one: { code: string }) => one.code === 'receipt-beyond'))
  assert.match(err, 'verifying')
})

test('no folder and no journal: cannot tell', () => {
  assert.is(verify(join(dir, 'nowhere')).code, 2)
  mkdirSync(join(dir, 'empty'))
  assert.is(verify(join(dir, 'empty')).code, 2)
})

test.run()
