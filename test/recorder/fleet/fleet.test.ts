/** A recorder's whole side of the fleet, without its recording: against a real authority and a real broker. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Fleet } from '../../../controller/recorder/fleet/fleet.ts'
import { RemoteConfig } from '../../../controller/recorder/fleet/remote-config.ts'
import type { FleetStatus } from '../../../controller/wire/clerk.ts'
import { parseConfig } from '../../../controller/wire/config.ts'
import type { Birth } from '../../../controller/wire/fleet/birth.ts'
import type { FleetEvent } from '../../../controller/wire/fleet/fleet-event.ts'
import { type Room, readyRoom } from '../../core/room.ts'
import { COURT, StoryHub } from '../../stories/stage/hub.ts'
import { until } from '../../stories/stage/until.ts'

interface Here {
  dir: string
  hub: StoryHub
  fleet: Fleet
  room: Room
  log: string[]
}

const test = suite<Here>('fleet')
const PACE = { firstMs: 50, longestMs: 200 }
const HOURS_20_MS = 20 * 3_600_000

/** @param aheadMs of its clock, as far as certificates go */
const start = async (here: Here, aheadMs = 0): Promise<void> => {
  const json = {
    ...{ court: 'District court', room: 'Courtroom 3', runtimeDir: join(here.dir, 'run'), stateDir: here.dir },
    stores: [{ name: 'main', path: '/srv/main' }],
    sources: [{ kind: 'test', media: 'video', name: 'judge' }],
    fleet: { hub: here.hub.web.url },
  }
  const log = pino({ level: 'debug' }, { write: (line: string) => here.log.push(line) })
  const { config, remote } = await RemoteConfig.open(json, parseConfig(json), '', log)
  here.fleet = new Fleet({
    ...{ config, fleet: config.fleet!, boot: 'boot', log, remote, evidence: null, evidenceKey: () => null },
    about: { version: '1', softwareSha256: '', node: '', gstreamer: '' },
    ...{ takeEvidence: async () => {}, askSelfTest: async () => null, lightPanels: () => false, logLines: () => '' },
    ...{ restart: () => {}, takeLive: () => {}, utcMs: () => Date.now() + aheadMs, pace: PACE },
  })
  here.fleet.start()
}

/** As the recorder does four times a second, until the status is so. */
const seen = (here: Here, what: string, isSo: (status: FleetStatus) => boolean): Promise<FleetStatus> =>
  until(what, 60, () => {
    here.room.tell({ is: 'tick' })
    here.fleet.look(here.room.state, { atMs: here.room.atMs, utcMs: here.room.utcMs })
    const { status } = here.fleet
    return isSo(status) ? status : null
  })

const enrolled = async (here: Here, court = COURT): Promise<FleetStatus> => {
  const { code } = await seen(here, 'a code', (status) => status.code !== '')
  await until('it asks', 30, () => here.hub.desk.waiting().length > 0)
  await here.hub.desk.enter(code, court)
  return seen(here, 'enrolled', ({ is, reached }) => is === 'enrolled' && reached)
}

const kinds = (events: readonly FleetEvent[]) =>
  events.map(({ type }) => type.replace(/^verbatim\.(.*)\.v1$/, '$1')).filter((kind) => !kind.startsWith('alarm-'))

test.before.each((here) => {
  here.dir = mkdtempSync(join(tmpdir(), 'verbatim-fleet-'))
  Object.assign(here, { room: readyRoom(), log: [] })
})
test.after.each(async ({ fleet, hub, dir }) => {
  await fleet.stop('the test is over')
  await hub.end()
  rmSync(dir, { recursive: true, force: true })
})

test('a certificate is renewed over the broker before it ends, and used from then on', async (here) => {
  here.hub = await StoryHub.start()
  await start(here)
  await enrolled(here)
  const before = await until('a birth', 30, () => here.hub.said<Birth>('up/birth'))
  await here.fleet.stop('it is started again')
  await start(here, HOURS_20_MS)
  await until('renewed', 30, () => kinds(here.hub.events).includes('certificate-renewed'))
  await until('the birth tells of the new one', 30, () => {
    const said = here.hub.said<Birth>('up/birth')
    return said?.certificateSha256 !== before.certificateSha256
  })
  await seen(here, 'reached with it', ({ reached }) => reached)
  assert.is(kinds(here.hub.events).filter((kind) => kind === 'certificate-renewed').length, 1)
})

test('revoked: kept, told why, and taken in by another court with all its events', async (here) => {
  here.hub = await StoryHub.start()
  await start(here)
  const { device } = await enrolled(here)
  await until('its first event', 30, () => here.hub.events.length > 0)
  await here.hub.revoke(device)
  const out = await seen(here, 'out', ({ is, code }) => is === 'revoked' && code !== '')
  assert.equal([out.device, out.court], [device, COURT])
  assert.match(here.fleet.hubAway!.clerk, 'no longer in the fleet')
  assert.match(here.fleet.hubAway!.engineer, 'revoked')
  here.room.press('rec')
  await seen(here, 'what happens is kept', ({ waiting }) => waiting > 0)
  const again = await enrolled(here, 'court-of-appeal')
  assert.equal([again.device, again.court, again.code], [device, 'court-of-appeal', ''])
  assert.is(here.fleet.hubAway, null)
  await seen(here, 'the hub has all', ({ waiting }) => waiting === 0)
  assert.equal(kinds(here.hub.events).slice(0, 2), ['recorder-started', 'hearing-opened'])
  assert.equal(
    here.hub.events.map(({ seq }) => seq),
    here.hub.events.map((_, i) => i + 1),
  )
  assert.not.match(here.log.join(''), out.code)
})

test.run()
