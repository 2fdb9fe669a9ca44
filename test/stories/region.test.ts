// deadline: 240 s
/** A recorder and the hub of its region, both as they are run: from the code on the screen to receipts for the judge. */

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { revokeReader } from '../../controller/cli/fleet-reader.ts'
import type { AlarmRow, Enrolment, Overview, RoomDetail } from '../../controller/wire/console.ts'
import { assertClosed, assertWhole } from './stage/proof.ts'
import { Region } from './stage/region.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

const COURT = 'almaty-district'
/** Nothing else is called so. */
const CASE = '2-QXV-77519'

story(
  'enrolled in the console, seen in the list, ordered, witnessed; and a hub that is killed loses nothing',
  {},
  async (stage) => {
    const region = await Region.start()
    try {
      await stage.ready({ fleet: { hub: region.web, metricsSeconds: 1 } })
      const { fleet } = await stage.until('a code is shown, and asked with', 40, (status) =>
        Boolean(status.fleet?.code && status.fleet.reached),
      )
      const { waiting } = await region.ask<Enrolment>('GET', 'api/enrolment')
      assert.equal(
        waiting.map(({ device, room }) => [device, room]),
        [[fleet!.device, 'Room 1']],
      )
      await region.ask('POST', 'api/enrolment', { code: fleet!.code, court: COURT, courtName: 'Almaty District Court' })
      await stage.until('enrolled', 40, (status) => Boolean(status.fleet?.is === 'enrolled' && status.fleet.reached))
      const room = `api/rooms/${COURT}/${fleet!.device}`
      const detail = () => region.ask<RoomDetail>('GET', room)
      const seen = (what: string, pleases: (detail: RoomDetail) => boolean) =>
        until(what, 30, async () => {
          const said = await detail()
          return pleases(said) ? said : null
        })
      await seen('online', ({ row, birth }) => row.presence === 'online' && birth !== null)

      // A hearing is on the docket for now, and nothing is recorded: IT knows.
      const nowMs = Date.now()
      const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString()
      const hearings = [{ case: CASE, startsAt: at(-10), endsAt: at(60) }]
      await region.ask('PUT', `${room}/docket`, { docket: { day: at(0).slice(0, 10), hearings } })
      await seen('not recording', ({ alarms }) => alarms.some(({ alarm }) => alarm.code === 'NOT_RECORDING'))
      const heard = await region.reader()
      const hearing = await stage.rec(CASE)
      await seen('recording', ({ row }) => row.hearing === 'recording' && row.lamp === 'steady')
      await seen('no longer wrong', ({ alarms }) => !alarms.some(({ alarm }) => alarm.code === 'NOT_RECORDING'))

      const sent = await region.ask<{ id: string }>('POST', `${room}/orders`, { op: 'reboot' })
      const { orders } = await seen('an answer', ({ orders }) =>
        orders.some(({ id, result }) => id === sent.id && result),
      )
      assert.match(orders.find(({ id }) => id === sent.id)!.result!.text, 'hearing is open')

      // Harmless configuration is taken while the hearing goes on.
      await region.ask('PUT', `${room}/config`, { cfg: { limits: { silentSeconds: 77 } } })
      const { reported: taken } = await seen('taken live', ({ reported: said }) => said?.rev === 1)
      assert.equal(taken!.live, ['limits.silentSeconds'])
      assert.is((await stage.status())?.lamp, 'steady')

      // What happens while the hub is dead is told when it is back.
      await region.close('SIGKILL')
      await stage.press('off')
      await stage.press('rec')
      const { mend } = await region.makeUnrenewable()
      await region.open()
      const { events } = await seen('what happened meanwhile', ({ events }) =>
        events.some(({ kind }) => kind === 'went-on-record'),
      )
      assert.equal(
        events.map(({ seq }) => seq),
        events.map((_, i) => events.length - i),
        'every event, once',
      )
      // It has begun with the certificate that is there.
      await until('the console says so', 30, async () => (await region.faults()) === 'CERTIFICATE_UNRENEWED')
      mend()
      await until('renewed as soon as it can be', 30, async () => (await region.faults()) === '')
      await stage.recorded(4)
      await stage.stop()
      await seen('closed', ({ events: said }) => said.some(({ kind }) => kind === 'hearing-closed'))

      // Tools of IT hear all that, and of no case.
      const logs = await region.ask<{ id: string }>('POST', `${room}/orders`, { op: 'send-logs' })
      await until('logs', 30, () => heard.topics.has('up/cmd/res') && heard.text.includes(`{"id":"${logs.id}"`))
      for (const topic of ['up/status', 'up/state', 'up/metrics', 'up/event', 'up/birth', 'down/event-ack'])
        assert.ok(heard.topics.has(topic), `${topic}, of ${[...heard.topics]}`)
      for (const topic of heard.topics) assert.not.match(topic, /witness|docket/)
      assert.not.match(heard.text, CASE)
      assert.match(heard.text, 'hearing-closed')

      // A tool that is revoked is out while the hub runs, and does not come back.
      await revokeReader(region.config, 'story')
      await until('the reader is out', 30, () => heard.refused)

      // Another configuration: signed, checked, and taken by a new start, as systemd gives it.
      await region.ask('PUT', `${room}/config`, {
        cfg: { limits: { silentSeconds: 77 }, hearing: { expectedHours: 2 } },
      })
      await until('the recorder wants to be started again', 40, () => stage.recorder.ended === 75)
      await stage.ready()
      const { reported } = await seen('in force', ({ reported: said }) => said?.rev === 2)
      assert.equal(reported!.cfg, { limits: { silentSeconds: 77 }, hearing: { expectedHours: 2 } })
      await region.ask('PUT', `${room}/config`, { cfg: { limits: { silentSeconds: -1 } } }).then(
        () => seen('refused', ({ reported: said }) => said?.wanted === 3 && said.applied === 'refused'),
        () => null,
      )

      await assertWhole(stage, hearing)
      const journal = assertClosed(stage, hearing)
      const [own] = journal.of('device')
      const configurations = new Set(journal.of('configuration').map(({ sha256 }) => sha256))
      assert.is(configurations.size, 2, 'the journal tells of the one that came in the hearing')
      const receipts = await until('a receipt for its end', 30, async () => {
        const lines = (await region.text(`receipts/${own!.key}/${hearing}`)).split('\n').filter(Boolean)
        return lines.length >= 2 && lines
      })
      for (const line of receipts) assert.is(typeof (JSON.parse(line) as { receivedUtc: string }).receivedUtc, 'string')

      // The recorder dies: within the keep-alive the room is lost, and comes back.
      const { rooms } = await region.ask<Overview>('GET', 'api/overview')
      assert.is(rooms.length, 1)
      await stage.recorder.end('SIGKILL')
      await seen('lost', ({ row }) => row.presence === 'lost')
      const alarms = await region.ask<AlarmRow[]>('GET', 'api/alarms')
      assert.ok(alarms.some(({ alarm }) => alarm.code === 'DEVICE_LOST'))
      await stage.ready()
      await seen('back', ({ row }) => row.presence === 'online')

      // Revoked: out at once, and the recording does not care.
      await region.ask('POST', `${room}/revoke`)
      await stage.until('out', 30, (status) => status.fleet?.reached === false)
      assert.is((await region.ask<Overview>('GET', 'api/overview')).rooms.length, 0)
      await stage.rec()
      await stage.recorded(1)
      await stage.stop()

      // It finds out by itself, shows a new code, and tells what it kept when somebody types it.
      const { fleet: out } = await stage.until('a new code', 60, (status) => status.fleet?.is === 'revoked')
      assert.is(out!.device, fleet!.device)
      assert.match(out!.why, 'the hub says that its certificate was revoked')
      assert.ok(out!.waiting > 0, 'what happened meanwhile is kept')
      assert.not.match(stage.recorder.said, out!.code)
      await until(
        'asked with',
        30,
        async () => (await region.ask<Enrolment>('GET', 'api/enrolment')).waiting.length > 0,
      )
      await region.ask('POST', 'api/enrolment', { code: out!.code, court: COURT })
      await stage.until('taken in again', 60, (status) =>
        Boolean(status.fleet?.is === 'enrolled' && status.fleet.reached),
      )
      await stage.until('the hub has all', 30, (status) => status.fleet?.waiting === 0)
      const again = await seen('back again', ({ row }) => row.presence === 'online')
      assert.equal(
        again.events.map(({ seq }) => seq),
        again.events.map((_, i) => again.events[0]!.seq - i),
        'every event, once',
      )
    } catch (fault) {
      console.log(region.log.split('\n').slice(-40).join('\n'))
      throw fault
    } finally {
      await region.end()
    }
  },
)

story('the same with Mosquitto as the broker: seen, heard, and out when revoked', {}, async (stage) => {
  const region = await Region.start('mosquitto')
  try {
    await stage.ready({ fleet: { hub: region.web } })
    const { fleet } = await stage.until('a code is shown, and asked with', 40, (status) =>
      Boolean(status.fleet?.code && status.fleet.reached),
    )
    await region.ask('POST', 'api/enrolment', { code: fleet!.code, court: COURT })
    await stage.until('enrolled', 60, (status) => Boolean(status.fleet?.is === 'enrolled' && status.fleet.reached))
    const room = `api/rooms/${COURT}/${fleet!.device}`
    await stage.rec()
    await until('recording', 30, async () => (await region.ask<RoomDetail>('GET', room)).row.hearing === 'recording')
    await stage.stop()
    await stage.until('the hub has all', 30, (status) => status.fleet?.waiting === 0)
    const { events } = await region.ask<RoomDetail>('GET', room)
    assert.ok(events.some(({ kind }) => kind === 'hearing-closed'))
    const heard = await region.reader()
    // A broker that cannot be told: the console says so, and it is told as soon as it can be.
    region.brokerHears(false)
    await revokeReader(region.config, 'story')
    await until('shown', 30, async () => (await region.faults()) === 'RIGHTS_UNTOLD')
    assert.not(heard.refused)
    region.brokerHears(true)
    await until('shown no more', 30, async () => (await region.faults()) === '')
    await until('the reader is out', 30, () => heard.refused)
    await region.ask('POST', `${room}/revoke`)
    // Nobody starts it again: the hub takes its place, and it does not get in any more.
    await until('turned away', 30, () => /certificate revoked/.test(stage.recorder.said))
    assert.is((await stage.status())?.fleet?.reached, false)
    await stage.until('a new code', 60, (status) => Boolean(status.fleet?.is === 'revoked' && status.fleet.code))
  } catch (fault) {
    console.log(region.log.split('\n').slice(-40).join('\n'))
    throw fault
  } finally {
    await region.end()
  }
})

test.run()
