import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const run = (...words: string[]) => {
  const program = fileURLToPath(new URL('run.ts', import.meta.url))
  const root = fileURLToPath(new URL('fixtures/run', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', program, '--root', root, ...words], {
    encoding: 'utf8',
  })
  return { status, said: stdout, last: stdout.trimEnd().split('\n').at(-1) }
}

test('a good file passes', () => {
  assert.is(run('good').last, '2 passed, 0 failed')
  assert.is(run('good').status, 0)
})

test('a failing test is counted and shown', () => {
  const { status, said, last } = run('failing')
  assert.is(status, 1)
  assert.is(last, '1 passed, 1 failed')
  assert.match(said, '1 of 2 failed')
})

test('a file without .run() fails', () => {
  const { status, said, last } = run('never-run')
  assert.is(status, 1)
  assert.is(last, '0 passed, 1 failed')
  assert.match(said, 'no totals')
})

test('a file without tests fails', () => {
  assert.is(run('empty').last, '0 passed, 1 failed')
})

test('a hang is ended at the deadline the file names', () => {
  const { status, said, last } = run('hanging')
  assert.is(status, 1)
  assert.is(last, '0 passed, 1 failed')
  assert.match(said, 'after its deadline of 2 s')
})

test('a process that does not end after green tests fails', () => {
  const { status, last } = run('not-ending')
  assert.is(status, 1)
  assert.is(last, '1 passed, 1 failed')
})

test('a word that fits no file fails', () => {
  assert.is(run('no-such-file').status, 1)
})

test('checks made before are counted', () => {
  const { status, last } = run('--already', '3', '1', 'good')
  assert.is(status, 1)
  assert.is(last, '5 passed, 1 failed')
})

test.run()
