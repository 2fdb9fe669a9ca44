// deadline: 240 s
/** The fleet never reaches the recording: enrolled, away, killed, fed with rubbish; and no event is lost or doubled. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import mqttPacket from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { FleetEvent } from '../../controller/wire/fleet/fleet-event.ts'
import type { OrderOp, OrderResult } from '../../controller/wire/fleet/order.ts'
import type { RoomState } from '../../controller/wire/fleet/room-state.ts'
import { serve } from '../ports/uplink/brokers.ts'
import { COURT, StoryHub } from './stage/hub.ts'
import { holesIn } from './stage/journal.ts'
import { assertClosed, assertCounted, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]

const kindsOf = (events: readonly FleetEvent[]): string[] =>
  events.map(({ type }) => type.replace(/^verbatim\.(.*)\.v1$/, '$1')).filter((kind) => !kind.startsWith('alarm-'))

/** Numbered without a hole, each naming the bytes of the one before. */
const assertChained = (events: readonly FleetEvent[]): void => {
  assert.equal(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
  )
  const texts = events.map((one) => JSON.stringify(one))
  for (const [i, { prev }] of events.entries())
    assert.is(
      prev,
      i
        ? createHash('sha256')
            .update(texts[i - 1]!)
            .digest('hex')
        : null,
    )
}

story(
  'enrolled by its code; a hub that goes, and a recorder that is killed, lose no event and no sample',
  {},
  async (stage) => {
    const hub = await StoryHub.start()
    try {
      const rebooted = join(stage.dir, 'rebooted')
      const fleet = { hub: hub.web.url, metricsSeconds: 1, reboot: ['touch', rebooted] }
      await stage.ready({ fleet })
      const asking = await stage.until('a code is shown, and asked with', 30, (status) =>
        Boolean(status.fleet?.code && status.fleet.reached),
      )
      await hub.desk.enter(asking.fleet!.code, COURT)
      const { fleet: enrolled } = await stage.until('enrolled', 30, (status) =>
        Boolean(status.fleet?.is === 'enrolled' && status.fleet.reached),
      )
      const { device } = enrolled!
      const hearing = await stage.rec()
      await until('the hub sees the hearing', 20, () => hub.said<RoomState>('up/state')?.hearing === 'recording')
      const refused = await hub.order(device, 'reboot')
      const result = await until('an answer', 20, refused)
      assert.is(result.code, 'refused')
      assert.match(result.text, 'hearing is open')
      await until('numbers', 20, () => hub.said('up/metrics'))
      await hub.close()
      await stage.recorded(2)
      await stage.press('off')
      await stage.press('rec')
      const kept = join(stage.dir, 'state', 'fleet', 'outbox', 'events')
      await until('what happened is on the disk', 20, () =>
        readdirSync(kept).some((name) => readFileSync(join(kept, name), 'utf8').includes('went-on-record')),
      )
      await stage.recorder.end('SIGKILL')
      await stage.ready()
      await stage.recorded(4)
      await stage.stop()
      await hub.open()
      await stage.until('the hub has all', 90, (status) => status.fleet?.reached === true && status.fleet.waiting === 0)
      const { events } = hub
      assertChained(events)
      assert.equal(hub.contradictions, [])
      assert.equal(kindsOf(events), [
        ...['recorder-started', 'hearing-opened', 'order-done', 'went-off-record', 'went-on-record'],
        ...['recorder-started', 'went-on-record', 'hearing-closed'],
      ])
      assert.not.match(JSON.stringify(events), '2-1234')
      await assertWhole(stage, hearing)
      const journal = assertClosed(stage, hearing)
      for (const track of TRACKS)
        assert.ok(holesIn(journal.fragments(track)).length <= 1, `${track}: nothing is missing but the recess`)
      const order = async (op: OrderOp): Promise<OrderResult> => {
        const answered = await hub.order(device, op)
        return until(`an answer to ${op}`, 60, () => {
          const said = answered()
          return said?.code === 'under-way' ? null : said
        })
      }
      const tested = await order('self-test')
      assert.match(tested.data ?? tested.text, /^(pass|FAIL) .*judge-camera/m)
      const logs = await order('send-logs')
      assert.match(logs.data ?? '', '"ready"')
      assert.not.match(logs.data ?? '', '2-1234')
      assert.not.match(logs.data ?? '', asking.fleet!.code)
      assert.is((await order('identify')).fault, 'NO_PANEL')
      assert.is((await order('update')).fault, 'UPDATE_NOT_SUPPORTED')
      assert.is((await order('reboot')).code, 'done')
      await until('the machine was started again', 10, () => existsSync(rebooted))
      const [own] = journal.of('device').slice(-1)
      assert.is(own!.certificates.length, 2, 'journals carry the certificate of the hub')
    } finally {
      await hub.end()
    }
  },
)

const connack = mqttPacket.generate({ cmd: 'connack', returnCode: 0, sessionPresent: false })
const message = mqttPacket.generate({
  ...{ cmd: 'publish', topic: 'a/b', payload: 'x'.repeat(100_000), qos: 0, dup: false, retain: false },
})
const flood = (socket: Socket): void => {
  let left = 1_000
  const more = () => {
    while (left-- > 0 && !socket.destroyed) if (!socket.write(message)) return void socket.once('drain', more)
  }
  more()
}
/** What a broker does after CONNECT, one connection after the other. */
const EVILS: ((socket: Socket) => void)[] = [
  () => {},
  (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  (socket) => {
    socket.write(connack)
    socket.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x32]))
  },
  (socket) => {
    socket.write(connack)
    flood(socket)
  },
  (socket) => socket.write(connack),
  (socket) => socket.destroy(),
]

story('a broker that hangs, speaks rubbish or sends 100 MB costs no track a sample', {}, async (stage) => {
  const seen = new Set<number>()
  let next = 1
  const broker = await serve((socket) => {
    const turn = next++ % EVILS.length
    seen.add(turn)
    socket.once('data', () => EVILS[turn]!(socket))
    socket.on('data', () => {})
  })
  try {
    const mqtt = { url: broker.url, court: COURT, device: 'vb-aaaaaaaaaaaaaaaa' }
    await stage.ready({ fleet: { mqtt } })
    const hearing = await stage.rec()
    await stage.recorded(3)
    await until('rubbish, 100 MB and a flood were sent', 60, () => [1, 2, 3].every((turn) => seen.has(turn)))
    await stage.recorded(5)
    const status = await stage.until('steady', 20, ({ lamp }) => lamp === 'steady')
    assert.is(status.fleet?.reached, false)
    await stage.stop()
    await assertWhole(stage, hearing)
    const journal = assertClosed(stage, hearing)
    assertUnbroken(journal, TRACKS)
    assertCounted(journal, CAMERAS, 25)
    assertCounted(journal, MICROPHONES, 50)
    assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
  } finally {
    await broker.stop()
  }
})

test.run()
