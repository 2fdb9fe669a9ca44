/** Configuration from afar: real files, a room of plain data, and a clock in hand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../../controller/base/error.ts'
import { RemoteConfig } from '../../../controller/recorder/fleet/remote-config.ts'
import { type Config, parseConfig } from '../../../controller/wire/config.ts'
import type { ReportedConfig } from '../../../controller/wire/fleet/desired.ts'
import { Operator } from '../../builders/operator.ts'
import { type Room, readyRoom, recordingRoom, WHY } from '../../core/room.ts'
import { until } from '../../stories/stage/until.ts'

const DEVICE = 'vb-aaaaaaaaaaaaaaaa'
const JUDGED_MS = 61_000
const log = pino({ enabled: false })

interface Here {
  stateDir: string
  operator: Operator
  room: Room
  remote: RemoteConfig
  /** In force when it was opened, or as it was last taken live. */
  config: Config
  reports: ReportedConfig[]
  told: string[]
  restarts: string[]
}

const test = suite<Here>('remote-config')

const local = (stateDir: string, camera: string) => ({
  ...{ court: 'District court', room: 'Courtroom 3', runtimeDir: '/run/verbatim', stateDir },
  stores: [{ name: 'main', path: '/srv/main' }],
  sources: [{ kind: 'test', media: 'video', name: camera }],
})

const look = ({ remote, room }: Here) => remote.look(room.state, { atMs: room.atMs, utcMs: room.utcMs })

/** The program starts. */
const start = async (here: Here, room = here.room, camera = 'judge'): Promise<void> => {
  const json = local(here.stateDir, camera)
  const { config, remote } = await RemoteConfig.open(json, parseConfig(json), 'sha-of-the-file', log)
  Object.assign(here, { config, remote, room, reports: [], told: [], restarts: [] })
  remote.bind({
    ...{ device: () => DEVICE, operatorKey: () => here.operator.key, log },
    report: (reported) => here.reports.push(reported),
    raise: (kind, { rev, why }) => here.told.push(`${kind} ${rev} ${why}`.trim()),
    restart: (why) => here.restarts.push(why),
    takeLive: (next) => {
      here.config = next
    },
  })
  look(here)
}

/** Ticks until it is so: files are written between two of them. */
const ticks = (here: Here, what: string, isSo: () => boolean) =>
  until(what, 10, () => {
    here.room.tell({ is: 'tick' })
    look(here)
    return isSo()
  })

const last = ({ reports }: Here): ReportedConfig => reports.at(-1)!

test.before.each(async (here) => {
  here.stateDir = mkdtempSync(join(tmpdir(), 'verbatim-remote-'))
  here.operator = new Operator(DEVICE)
  await start(here, readyRoom())
})
test.after.each(({ stateDir }) => rmSync(stateDir, { recursive: true, force: true }))

test('what is harmless is taken in an open hearing, without a start, and is applied when nothing is worse', async (here) => {
  here.room = recordingRoom()
  const cfg = { room: 'Courtroom 9', limits: { silentSeconds: 77 }, labels: { judge: 'Judge Akhmetova' } }
  await here.remote.heard(here.operator.desired(1, cfg))
  await ticks(here, 'in force', () => last(here).rev === 1)
  assert.is(here.config.room, 'Courtroom 9')
  assert.is(here.config.limits.silentSeconds, 77)
  assert.is(here.config.sources[0]!.label, 'Judge Akhmetova')
  assert.equal(last(here).cfg, cfg)
  assert.equal([...last(here).live].sort(), ['labels', 'limits.silentSeconds', 'room'])
  assert.is(last(here).applied, 'waiting')
  here.room.pass(JUDGED_MS)
  await ticks(here, 'applied', () => last(here).applied === 'applied')
  assert.equal(here.told, ['config-applied 1'])
  assert.equal(here.restarts, [])
  const { sha256 } = here.remote
  await start(here)
  assert.is(here.config.room, 'Courtroom 9', 'and stays so')
  assert.is(here.remote.sha256, sha256)
})

test('of a mixed one the rest waits for the end of the hearing, and the report tells which', async (here) => {
  here.room = recordingRoom()
  const cfg = { scrub: { everyMinutes: 30 }, hearing: { expectedHours: 2 } }
  await here.remote.heard(here.operator.desired(1, cfg))
  await ticks(here, 'the part', () => here.config.scrub.everyMinutes === 30)
  const { rev, wanted, applied, live, waiting } = last(here)
  assert.equal([rev, wanted, applied], [0, 1, 'waiting'])
  assert.equal([live, waiting], [['scrub.everyMinutes'], ['hearing.expectedHours']])
  assert.match(here.remote.text, 'revision 1 waiting: a hearing is open: hearing.expectedHours')
  assert.is(here.config.hearing.expectedHours, 4)
  here.room.pass(JUDGED_MS)
  await ticks(
    here,
    'judged',
    () => JSON.parse(readFileSync(join(here.stateDir, 'fleet/config.json'), 'utf8')).data.trial === null,
  )
  assert.equal(here.told, [], 'a part alone is not applied')
  here.room = readyRoom()
  await ticks(here, 'asks to be started again', () => here.restarts.length > 0)
  await start(here)
  assert.equal([here.config.hearing.expectedHours, here.config.scrub.everyMinutes], [2, 30])
  here.room.pass(JUDGED_MS)
  await ticks(here, 'applied', () => last(here).applied === 'applied')
  assert.equal([last(here).rev, last(here).live, last(here).waiting], [1, ['scrub.everyMinutes'], []])
})

test('a live one that makes it worse is taken back live, and refused for good', async (here) => {
  here.room = recordingRoom()
  await here.remote.heard(here.operator.desired(1, { limits: { silentDbfs: -50 } }))
  await ticks(here, 'tried', () => here.config.limits.silentDbfs === -50)
  here.room.pass(JUDGED_MS)
  here.room.tell({ is: 'signing-failed', reason: WHY })
  await ticks(here, 'taken back', () => here.config.limits.silentDbfs === -45)
  await until('told', 10, () => here.told.length > 0)
  assert.match(here.told[0]!, 'config-refused 1 worse for it: ')
  assert.equal([last(here).rev, last(here).applied, last(here).wanted], [0, 'rolled-back', 1])
  assert.equal(here.restarts, [])
  await here.remote.heard(here.operator.desired(1, { limits: { silentDbfs: -50 } }))
  await ticks(here, 'still the old one', () => here.config.limits.silentDbfs === -45)
})

test('one that needs a start and makes it worse is taken back by another start', async (here) => {
  await here.remote.heard(here.operator.desired(1, { hearing: { expectedHours: 2 } }))
  await ticks(here, 'asks to be started again', () => here.restarts.length > 0)
  await start(here)
  assert.is(here.config.hearing.expectedHours, 2)
  here.room.pass(JUDGED_MS)
  here.room.tell({ is: 'signing-failed', reason: WHY })
  await ticks(here, 'and again', () => here.restarts.length > 0)
  await start(here)
  assert.is(here.config.hearing.expectedHours, 4)
  assert.equal([last(here).rev, last(here).applied], [0, 'rolled-back'])
})

test('one that the recorder cannot live with is taken back after three starts, its harmless part too', async (here) => {
  here.room = recordingRoom()
  await here.remote.heard(here.operator.desired(4, { room: 'New', hearing: { expectedHours: 2 } }))
  await ticks(here, 'the part', () => here.config.room === 'New')
  here.room = readyRoom()
  await ticks(here, 'asks to be started again', () => here.restarts.length > 0)
  for (let starts = 0; starts < 3; starts++) {
    await start(here)
    assert.equal([here.config.hearing.expectedHours, here.config.room], [2, 'New'])
  }
  await start(here)
  assert.equal([here.config.hearing.expectedHours, here.config.room], [4, 'Courtroom 3'])
  assert.equal([last(here).rev, last(here).wanted, last(here).applied], [0, 4, 'rolled-back'])
})

test('a newer one in the middle of a trial: what is known to be good comes back, not what was tried', async (here) => {
  await here.remote.heard(here.operator.desired(1, { scrub: { everyMinutes: 1 } }))
  await ticks(here, 'the first', () => here.config.scrub.everyMinutes === 1)
  await here.remote.heard(here.operator.desired(2, { scrub: { everyMinutes: 2 } }))
  await ticks(here, 'the second', () => here.config.scrub.everyMinutes === 2)
  here.room.pass(JUDGED_MS)
  here.room.tell({ is: 'signing-failed', reason: WHY })
  await ticks(here, 'neither', () => here.config.scrub.everyMinutes === 10)
})

test('what breaks the whole, is older, another’s or unsigned changes nothing', async (here) => {
  const heard = (payload: Buffer) => here.remote.heard(payload).then(() => '', codeOf)
  assert.is(await heard(here.operator.desired(2, { limits: { silentDbfs: 40 } })), '')
  assert.equal([last(here).applied, last(here).wanted], ['refused', 2])
  assert.match(last(here).why, 'limits.silentDbfs')
  assert.is(await heard(here.operator.desired(3, { labels: { nobody: 'Nobody' } })), '')
  assert.match(last(here).why, 'there is no source or track "nobody"')
  assert.is(await heard(here.operator.desired(1, { room: 'Old' })), '')
  assert.is(await heard(new Operator(DEVICE).desired(9, { room: 'Stranger' })), 'SIGNATURE_INVALID')
  assert.is(await heard(new Operator('vb-bbbbbbbbbbbbbbbb').desired(9, { room: 'Other' })), 'SIGNATURE_INVALID')
  assert.is(await heard(Buffer.from('{}')), 'MESSAGE_INVALID')
  await ticks(here, 'nothing', () => here.config.room === 'Courtroom 3')
  assert.is(last(here).wanted, 3)
})

test('one that no longer fits the local file, or is torn, leaves the local one in force', async (here) => {
  await here.remote.heard(here.operator.desired(1, { labels: { judge: 'New' } }))
  await ticks(here, 'in force', () => last(here).rev === 1)
  await start(here, here.room, 'hall')
  assert.is(here.config.sources[0]!.label, undefined)
  assert.equal([last(here).rev, last(here).applied], [0, 'rolled-back'])
  for (const name of ['config.json', 'config.json.previous'])
    writeFileSync(join(here.stateDir, 'fleet', name), '{"force":')
  await start(here)
  assert.equal([last(here).rev, last(here).applied], [0, 'local'])
})

test.run()
