/** A program whose port is taken says so, by the real program of the hub. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const PROGRAM = fileURLToPath(new URL('../../dist/fleet.js', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'verbatim-taken-'))
const owner = createServer()
test.before(async () => {
  owner.listen(0, '127.0.0.1')
  await once(owner, 'listening')
})
test.after(() => {
  owner.close()
  rmSync(home, { recursive: true, force: true })
})

for (const which of ['web', 'broker'] as const)
  test(`the port of the hub's ${which} is somebody else's`, async () => {
    const { port: taken } = owner.address() as AddressInfo
    const place = (name: string) => ({ host: '127.0.0.1', port: name === which ? taken : 0 })
    const file = join(home, `${which}.json`)
    const broker = { kind: 'embedded', ...place('broker') }
    writeFileSync(file, JSON.stringify({ region: 'Taken', home: join(home, which), web: place('web'), broker }))
    const child = spawn(process.execPath, [PROGRAM, '--config', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8')
    })
    const [code] = await once(child, 'close')
    assert.is(code, 1)
    assert.match(said, `ADDRESS_IN_USE: another program listens already at 127.0.0.1, port ${taken}`)
  })

test.run()
