// deadline: 240 s
/** The README's own command: the whole courtroom, one hearing, both copies checked, one line of JSON. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('scripts/start --hearing')
const home = mkdtempSync(join(tmpdir(), 'verbatim-start-'))
test.after(() => rmSync(home, { recursive: true, force: true }))

const start = (...words: string[]) =>
  spawnSync('scripts/start', words, {
    encoding: 'utf8',
    env: { ...process.env, VERBATIM_HOME: home, VERBATIM_RUNTIME: join(home, 'run') },
  })

test('ten tracks on both disks, each as long as the hearing', () => {
  const { status, stdout, stderr } = start('--hearing', '6')
  assert.is(status, 0, stderr)
  const { hearing, mirror, tracks } = JSON.parse(stdout.trim().split('\n').at(-1)!)
  assert.is(tracks.length, 10)
  for (const { name, codec, seconds, fragments, bytes, gaps } of tracks) {
    assert.ok(seconds > 4 && seconds < 7.5, `${name}: ${seconds} s`)
    assert.ok(fragments >= 9 && bytes > 10_000, name)
    assert.match(codec, /^(h264|avc1|opus)/i)
    assert.equal(gaps, 0, name)
  }
  for (const folder of [hearing, mirror]) assert.ok(existsSync(join(folder, 'journal.ndjson')), folder)
  const check = JSON.parse(execFileSync('scripts/verbatim', ['check', mirror, '--json'], { encoding: 'utf8' }))
  assert.equal([check.verdict, check.state], ['whole', 'closed'])
  const lines = readFileSync(join(mirror, 'journal.ndjson'), 'utf8').trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line))
  const closed = entries.find(({ kind }) => kind === 'hearing-closed')
  assert.is(entries.findLast(({ kind }) => kind === 'receipt')?.upto, closed.n, 'witnessed to its end')
})

test('a store that cannot be is told in one sentence, and the exit says so', () => {
  const file = join(home, 'no-folder')
  writeFileSync(file, '')
  const { status, stderr } = start('--hearing', '3', '--store', join(file, 'store'))
  assert.is(status, 1)
  assert.match(stderr.trim().split('\n').at(-1) ?? '', /no-folder/)
})

test.run()
