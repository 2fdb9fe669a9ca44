import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeKey, placeOf } from '../builders/signed.ts'

const home = mkdtempSync(join(tmpdir(), 'verbatim-witness-'))
test.after(() => rmSync(home, { recursive: true, force: true }))

const start = async (...words: string[]) => {
  const child = spawn(process.execPath, ['dist/verbatim.js', 'witness', ...words])
  const exit = once(child, 'exit')
  let complaint = ''
  child.stderr.on('data', (text) => {
    complaint += text
  })
  const first = await Promise.race([once(child.stdout, 'data'), exit.then(() => null)])
  return { child, exit, said: first && JSON.parse(String(first[0])), complaint: () => complaint }
}

test('a witness killed at once still knows what it has receipted, and by which key', async () => {
  const place = placeOf(makeKey(), 'first', 7)
  const ask = async (url: string) => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(place) })
    return JSON.parse(await answer.text())
  }
  const first = await start('--port', '0', '--home', home)
  const receipt = await ask(first.said.url)
  assert.is(receipt.witness, first.said.key)
  first.child.kill('SIGKILL')
  await first.exit
  const second = await start('--port', '0', '--home', home)
  assert.equal(await ask(second.said.url), receipt)
  second.child.kill('SIGINT')
  assert.equal(await second.exit, [0, null])
})

test('a command line that is wrong says so', async () => {
  for (const [words, sentence] of [
    [['--home', home], '--port N is missing.'],
    [['--port', '8600'], '--home DIR is missing.'],
    [['--port', '70000', '--home', home], '--port wants a number'],
  ] as const) {
    const { exit, complaint } = await start(...words)
    assert.equal(await exit, [64, null])
    assert.ok(complaint().includes(sentence), complaint())
  }
})

test('what it cannot start with is one sentence with a code', async () => {
  const owner = createServer().listen(0, '127.0.0.1')
  await once(owner, 'listening')
  const { port } = owner.address() as AddressInfo
  const [file, damaged] = [join(home, 'file'), join(home, 'damaged')]
  writeFileSync(file, '')
  mkdirSync(damaged)
  writeFileSync(join(damaged, 'witness-key.pem'), 'no key')
  try {
    await Promise.all(
      (
        [
          [
            ['--port', `${port}`, '--home', home],
            `another program listens already at 127.0.0.1, port ${port} (ADDRESS_IN_USE)`,
          ],
          // For documentation (RFC 5737): no machine has it.
          [['--port', '0', '--home', home, '--host', '192.0.2.1'], '(ADDRESS_UNUSABLE)'],
          [['--port', '0', '--home', join(file, 'below')], '(STORE_UNUSABLE)'],
          [['--port', '0', '--home', damaged], '(CERTIFICATE_INVALID)'],
        ] as const
      ).map(async ([words, sentence]) => {
        const { exit, complaint } = await start(...words)
        assert.equal(await exit, [1, null], complaint())
        assert.is(complaint().trim().split('\n').length, 1, complaint())
        assert.ok(complaint().includes(sentence), complaint())
      }),
    )
  } finally {
    owner.close()
  }
})

test.run()
