import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { logger } from '../../controller/base/log.ts'
import { reason } from '../../controller/base/reason.ts'
import type { Event, EventOf } from '../../controller/core/event.ts'
import { Appliance, type ApplianceOptions } from '../../controller/recorder/appliance.ts'

interface Desk {
  dir: string
  appliance: Appliance
  ends: EventOf<'rebuild-ended'>[]
}
const test = suite<Desk>('appliance')
test.before.each((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-appliance-'))
  const stores = ['main', 'mirror'].map((name) => ({ name, path: join(dir, name) }))
  for (const { path } of stores) mkdirSync(path)
  context.dir = dir
  context.ends = []
  const report = (event: Event) => event.is === 'rebuild-ended' && context.ends.push(event)
  const software = { version: '0', sha256: '', node: '' }
  // What a rebuild needs; nothing else is asked of it here.
  const options = { config: { stores }, log: logger('test'), report, software, configSha256: '', gstreamer: '' }
  context.appliance = new Appliance(options as unknown as ApplianceOptions)
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const untilEnded = async (ends: unknown[]): Promise<void> => {
  for (let i = 0; !ends.length && i < 100; i++) await sleep(50)
}

test('a newer rebuild stops the older one, and only its own end is told', async ({ dir, appliance, ends }) => {
  const rebuild = (begunMs: number, store: string, from: string) =>
    appliance.executors['rebuild-store']({ do: 'rebuild-store', store, from, begunMs, reason: reason('for the test') })
  appliance.takeUp(appliance.newJournal('open'))
  for (const store of ['main', 'mirror']) {
    mkdirSync(join(dir, store, 'open'))
    writeFileSync(join(dir, store, 'open', `${store}.mp4`), 'x')
  }
  rebuild(1, 'mirror', 'main')
  await sleep(100)
  rebuild(2, 'main', 'mirror')
  // The next look finds that the files rest.
  appliance.takeUp(appliance.newJournal('another'))
  await untilEnded(ends)
  assert.equal(
    ends.map(({ store, begunMs, ok, copiedBytes }) => ({ store, begunMs, ok, copiedBytes })),
    [{ store: 'main', begunMs: 2, ok: true, copiedBytes: 1 }],
  )
  assert.ok(existsSync(join(dir, 'main/open/mirror.mp4')))
  assert.not.ok(existsSync(join(dir, 'mirror/open/main.mp4')))
})

test('a rebuild that cannot be done tells why', async ({ dir, appliance, ends }) => {
  rmSync(join(dir, 'main'), { recursive: true })
  const why = reason('for the test')
  appliance.executors['rebuild-store']({ do: 'rebuild-store', store: 'main', from: 'mirror', begunMs: 7, reason: why })
  await untilEnded(ends)
  assert.equal([ends[0]?.begunMs, ends[0]?.ok], [7, false])
  assert.match(ends[0]?.reason.engineer ?? '', 'ENOENT')
})

test.run()
