import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import type { EntryBody } from '../../controller/journal/entry.ts'
import { box } from '../../controller/media/box.ts'
import { copyHearing } from '../../controller/ports/copy/copy-hearing.ts'
import { buildHearing, FRAGMENT_MS } from '../builders/hearing-folder.ts'

interface Folders {
  from: string
  to: string
}
const test = suite<Folders>('copy')
const dirs: string[] = []
test.before.each((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-copy-'))
  dirs.push(dir)
  context.from = join(dir, 'hearing')
  context.to = join(dir, 'copy')
})
test.after(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

const seal = (tracks: string[], fromFragment: number, toFragment: number): EntryBody => ({
  ...{ kind: 'seal', seal: 'seal-1', tracks, by: 'Judge' },
  ...{ fromMs: fromFragment * FRAGMENT_MS + 1, toMs: toFragment * FRAGMENT_MS - 1 },
  reason: { clerk: 'sealed', engineer: 'sealed' },
})
const same = ({ from, to }: Folders, file: string): boolean =>
  readFileSync(join(from, file)).equals(readFileSync(join(to, file)))

test('without seals a copy is the same, but for what proves nothing', async (folders) => {
  const { from, to } = folders
  const { files } = buildHearing(from)
  writeFileSync(join(from, 'somebody-else.txt'), 'x')
  writeFileSync(join(from, 'receipts.ndjson'), '{}\n')
  const copied = await copyHearing({ from, to, withSealed: false })
  assert.equal([copied.files, copied.leftOut, copied.sealedFragments], [files.size + 2, [], 0])
  for (const file of [...files.keys(), 'journal.ndjson', 'receipts.ndjson']) assert.ok(same(folders, file), file)
  assert.not(existsSync(join(to, 'somebody-else.txt')))
})

test('a sealed fragment gives way to an empty box of its length; all others stay where they are', async (folders) => {
  const { from, to } = folders
  // The first segment has fragments 0 to 3; the seal touches 1 and 2 of the judge's track alone.
  buildHearing(from, { after: [seal(['judge'], 1, 3)] })
  const copied = await copyHearing({ from, to, withSealed: false })
  assert.equal([copied.leftOut, copied.sealedFragments], [['seal-1'], 2])
  assert.ok(same(folders, 'hall/0001.mp4') && same(folders, 'judge/0002.mp4'))
  const [was, is] = [readFileSync(join(from, 'judge/0001.mp4')), readFileSync(join(to, 'judge/0001.mp4'))]
  assert.is(is.length, was.length)
  assert.ok(is.subarray(0, 300).equals(was.subarray(0, 300)))
  assert.ok(is.subarray(300, 607).equals(box('free', new Uint8Array(299))))
  assert.ok(is.subarray(607, 921).equals(box('free', new Uint8Array(306))))
  assert.ok(is.subarray(921).equals(was.subarray(921)))
  for (let at = 0; at + 16 <= 614; at += 16)
    assert.not(is.includes(was.subarray(300 + at, 316 + at)), `16 bytes at ${300 + at}`)
})

test('the court may copy what is sealed', async (folders) => {
  buildHearing(folders.from, { after: [seal([], 0, 8)] })
  await copyHearing({ ...folders, withSealed: true })
  assert.ok(same(folders, 'judge/0001.mp4'))
})

test('a journal that is not whole might lack a seal: only the court may copy then', async ({ from, to }) => {
  const { journal } = buildHearing(from, { after: [seal([], 0, 2)] })
  const lines = journal.toString().trimEnd().split('\n')
  lines.splice(3, 1)
  writeFileSync(join(from, 'journal.ndjson'), `${lines.join('\n')}\n`)
  const refused = await copyHearing({ from, to, withSealed: false }).then(
    () => '',
    (fault) => codeOf(fault),
  )
  assert.is(refused, 'JOURNAL_INVALID')
})

test('nothing is copied over anything', async ({ from, to }) => {
  buildHearing(from)
  await copyHearing({ from, to, withSealed: false })
  const code = await copyHearing({ from, to, withSealed: false }).then(
    () => '',
    (fault) => codeOf(fault),
  )
  assert.is(code, 'REFUSED')
})

test.run()
