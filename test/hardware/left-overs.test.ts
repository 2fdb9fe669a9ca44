import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { makeAside, removeLeftOvers } from '../../hardware/virtual/left-overs.ts'

const test = suite<{ dir: string }>('left-overs')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-left-overs-'))
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

/** Makes a folder aside, and waits to be killed. */
const MAKER = `
  import { writeFileSync } from 'node:fs'
  import { makeAside } from './hardware/virtual/left-overs.ts'
  const aside = await makeAside(process.env.PLACE)
  writeFileSync(aside + '/half', 'half')
  console.log('made')
  setInterval(() => {}, 1_000)
`

test('what a maker left is removed once it is dead, not before', async ({ dir }) => {
  const maker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', MAKER], {
    env: { ...process.env, PLACE: join(dir, 'hash') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(maker.stdout, 'data')
  await removeLeftOvers(dir)
  assert.match(readdirSync(dir).join(), new RegExp(`^hash\\.making-${maker.pid}-\\w+$`))
  maker.kill('SIGKILL')
  await once(maker, 'exit')
  await removeLeftOvers(dir)
  assert.equal(readdirSync(dir), [])
})

test('what is finished, or being made, stays', async ({ dir }) => {
  const mine = await makeAside(join(dir, 'hash'))
  for (const name of ['hash', 'hash.making-of', 'making-4194305-a']) mkdirSync(join(dir, name))
  writeFileSync(join(dir, 'hash.making-1-init'), 'it always lives')
  await removeLeftOvers(dir)
  const stays = ['hash', 'hash.making-1-init', 'hash.making-of', 'making-4194305-a', basename(mine)]
  assert.equal(readdirSync(dir).sort(), stays.sort())
})

test.run()
