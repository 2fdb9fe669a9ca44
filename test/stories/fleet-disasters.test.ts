// deadline: 180 s
/** The broker and the disk of a fleet's hub go and come back while rooms live on: small forms of `scripts/drill fleet`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Overview } from '../../controller/wire/console.ts'
import { countEvents } from '../../scripts/lib/fleet/count-events.ts'
import { hubHome } from '../../scripts/lib/fleet/hub-child.ts'
import { WholeFleet } from '../../scripts/lib/fleet/whole-fleet.ts'
import { LoopDisk, noDisks } from './stage/disk.ts'
import { until } from './stage/until.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEVICES = 20
const EMPTY_WITHIN_MS = 60_000

let fullDisk: LoopDisk | null = null

interface Scene {
  fleet: WholeFleet
  dir: string
}

/** Rooms that are there and raise alarms; afterwards every event is in the hub's store, once. */
const disaster = (
  name: string,
  broker: 'embedded' | 'mosquitto',
  happen: (scene: Scene) => Promise<void>,
  prepare: (dir: string) => () => void = () => () => {},
): void =>
  test(name, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'verbatim-fleet-'))
    const tidy = prepare(dir)
    const endings: (() => Promise<void> | void)[] = []
    const atEnd = (task: () => Promise<void> | void): void => void endings.push(task)
    try {
      const fleet = await WholeFleet.start({ root: ROOT, dir, devices: DEVICES, broker, say: () => {}, atEnd })
      await fleet.startDevices({ processes: 1, connectsPerSecond: 100 })
      await until('all are online', 40, () => fleet.areAllOnline)
      fleet.devices.raise(20)
      await until('some events are kept', 20, () => fleet.kept().size > 0)
      await happen({ fleet, dir })
      fleet.devices.rest()
      const { events, ...wrong } = await countEvents(fleet, EMPTY_WITHIN_MS)
      assert.ok(events >= DEVICES)
      assert.equal(wrong, { missing: 0, doubled: 0, invented: 0, waiting: 0 })
    } finally {
      for (const end of endings.reverse()) await end()
      tidy()
      rmSync(dir, { recursive: true, force: true })
    }
  })

disaster('Mosquitto that is killed loses and doubles no event', 'mosquitto', async ({ fleet }) => {
  const [node] = fleet.outside!.nodes
  const faults = async () => (await fleet.console.fetch('GET', '/healthz')).text
  await node!.kill()
  await until('the hub tells that it has no broker', 20, async () => (await faults()).includes('the broker'))
  const { faults: shown } = await fleet.console.ask<Overview>('overview')
  assert.equal(
    shown.map(({ code }) => code),
    ['BROKER_AWAY'],
    'the console tells of it',
  )
  node!.start()
  await until('the hub has its broker again', 40, async () => (await faults()).includes('"ok":true'))
  await until('all are online', 40, () => fleet.areAllOnline)
})

if (noDisks() === null)
  disaster(
    'a hub whose disk is full acknowledges nothing, tells, and goes on when there is room',
    'embedded',
    async ({ fleet, dir }) => {
      const disk = join(hubHome(dir), 'ballast')
      const health = async () => (await fleet.console.fetch('GET', '/healthz')).text
      let ballast = 0
      await until('the hub tells that it keeps nothing', 60, async () => {
        fullDisk!.fill(`ballast-${ballast++}`)
        return (await health()).includes('EVENTS_UNKEPT')
      })
      const { events, waiting } = await fleet.devices.count()
      const kept = [...fleet.kept().values()].reduce((sum, { numbers }) => sum + numbers, 0)
      const raised = Object.values(events).reduce((sum, last) => sum + last, 0)
      assert.ok(raised - waiting <= kept, `${raised} raised, ${waiting} wait, ${kept} kept`)
      while (ballast-- > 0) rmSync(`${disk}-${ballast}`, { force: true })
      await until('it goes on', 40, async () => (await health()).includes('"ok":true'))
      // What nobody acknowledged comes again within minutes, or with a new connection at once.
      fleet.devices.cut()
      fleet.devices.mend()
    },
    (dir) => {
      mkdirSync(hubHome(dir), { recursive: true, mode: 0o700 })
      fullDisk = LoopDisk.makeAt(dir, 'disk', 32, hubHome(dir))
      return () => fullDisk?.detach()
    },
  )

test.run()
