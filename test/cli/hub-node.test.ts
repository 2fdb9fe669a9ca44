/** The hub as `verbatim fleet` runs it: its Node keeps house as wanted, unless whoever runs it wants it otherwise. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HUB_ENVIRONMENT, HUB_NODE_FLAGS } from '../../controller/cli/hub-node.ts'

const home = mkdtempSync(join(tmpdir(), 'verbatim-hub-node-'))
let child: ChildProcess
test.after(async () => {
  if (child.exitCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  rmSync(home, { recursive: true, force: true })
})

const wordsIn = (file: string): string[] => readFileSync(file, 'utf8').split('\0')

test('flags and surroundings of the process that holds the connections', async () => {
  const file = join(home, 'hub.json')
  const place = { host: '127.0.0.1', port: 0 }
  writeFileSync(file, JSON.stringify({ region: 'House', home, web: place, broker: { kind: 'embedded', ...place } }))
  child = spawn(process.execPath, ['dist/verbatim.js', 'fleet', '--config', file], {
    ...{ env: { ...process.env, MALLOC_MMAP_MAX_: '12345' }, stdio: ['ignore', 'pipe', 'ignore'] },
  })
  const first = await Promise.race([once(createInterface(child.stdout!), 'line'), once(child, 'exit')])
  assert.type(first[0], 'string', `it ended: ${first}`)
  const hub = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
  const words = wordsIn(`/proc/${hub}/cmdline`)
  for (const flag of HUB_NODE_FLAGS) assert.ok(words.includes(flag), `${words}`)
  const environment = wordsIn(`/proc/${hub}/environ`)
  for (const [name, value] of Object.entries({ ...HUB_ENVIRONMENT, MALLOC_MMAP_MAX_: '12345' }))
    assert.is(environment.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1), value)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = await ended
  assert.is(code, 0)
})

test.run()
