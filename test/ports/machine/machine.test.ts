/** What the machine tells of itself: this one, as it is. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Machine, machineName } from '../../../controller/ports/machine/machine.ts'
import { Metrics } from '../../../controller/wire/fleet/metrics.ts'
import { until } from '../../stories/stage/until.ts'

interface Here {
  dir: string
  path: string | undefined
}
const test = suite<Here>('machine')

test.before.each((here) => {
  here.dir = mkdtempSync(join(tmpdir(), 'verbatim-machine-'))
  here.path = process.env.PATH
})
test.after.each(({ dir, path }) => {
  process.env.PATH = path
  rmSync(dir, { recursive: true, force: true })
})

/** A chronyc that does this. */
const chronyc = ({ dir, path }: Here, script: string): void => {
  writeFileSync(join(dir, 'chronyc'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(dir, 'chronyc'), 0o755)
  process.env.PATH = `${dir}:${path}`
}

test('the numbers of this machine fit the schema and are likely', async () => {
  const machine = new Machine()
  const numbers = await until('some of its processor was used', 10, async () => {
    for (let spun = 0; spun < 1e6; spun++) Math.sqrt(spun)
    const read = await machine.numbers()
    return read.cpu_percent === undefined ? null : read
  })
  Metrics.parse({ at: '2026-11-28T00:00:00.000Z', ...numbers })
  const { cpu_percent, memory_used_percent, load_1m, uptime_seconds, recorder_rss_bytes } = numbers
  for (const percent of [cpu_percent, memory_used_percent]) assert.ok(percent! >= 0 && percent! <= 100, `${percent}`)
  assert.ok(load_1m! >= 0)
  assert.ok(uptime_seconds! > 0)
  assert.ok(recorder_rss_bytes! > 10e6 && recorder_rss_bytes! < 10e9)
})

test('the offset of the clock is what chrony tells, in milliseconds', async (here) => {
  chronyc(
    here,
    'echo "C0A80001,192.168.0.1,3,1764300000.1,0.000412345,-0.0001,0.0002,1.5,0.01,0.02,0.03,0.04,64.2,Normal"',
  )
  assert.is((await new Machine().numbers()).clock_offset_ms, 0.412)
})

test('without chrony, or with one that fails, the number is left out', async (here) => {
  chronyc(here, 'echo "506 Cannot talk to daemon"; exit 1')
  assert.not.ok('clock_offset_ms' in (await new Machine().numbers()))
  chronyc(here, 'echo rubbish')
  assert.not.ok('clock_offset_ms' in (await new Machine().numbers()))
  rmSync(join(here.dir, 'chronyc'))
  process.env.PATH = here.dir
  assert.not.ok('clock_offset_ms' in (await new Machine().numbers()))
})

test('model and serial number are short text, and empty where the firmware tells none', async () => {
  const { model, serial } = await machineName()
  for (const one of [model, serial]) {
    assert.type(one, 'string')
    assert.ok(one.length <= 200)
    assert.not.match(one, '\0')
  }
})

test.run()
