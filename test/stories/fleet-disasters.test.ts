// deadline: 180 s
/** The broker and the disk of a fleet's hub go and come back while rooms live on: small forms of `scripts/drill fleet`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { HubFault, Overview } from '../../controller/wire/console.ts'
import { countEvents } from '../../scripts/lib/fleet/count-events.ts'
import { hubHome } from '../../scripts/lib/fleet/hub-child.ts'
import { WholeFleet } from '../../scripts/lib/fleet/whole-fleet.ts'
import { WrongClock } from '../../scripts/lib/fleet/wrong-clock.ts'
import { LoopDisk, noDisks } from './stage/disk.ts'
import { until } from './stage/until.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEVICES = 20
const EMPTY_WITHIN_MS = 60_000
/** So long that every verdict on presence would be another one, were it judged by the wall clock. */
const AHEAD_S = 600

let fullDisk: LoopDisk | null = null

interface Scene {
  fleet: WholeFleet
  /** Of the hub. */
  clock: WrongClock
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
      const clock = new WrongClock(dir)
      const fleet = await WholeFleet.start({
        ...{ root: ROOT, dir, devices: DEVICES, broker, under: clock.under, say: () => {}, atEnd },
      })
      await fleet.startDevices({ processes: 1, connectsPerSecond: 100 })
      await until('all are online', 40, () => fleet.areAllOnline)
      fleet.devices.raise(20)
      await until('some events are kept', 20, () => fleet.kept().size > 0)
      await happen({ fleet, clock, dir })
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

/** As the console shows them. */
const faultsOf = async (fleet: WholeFleet): Promise<HubFault[]> =>
  (await fleet.console.ask<Overview>('overview')).faults

disaster('Mosquitto that is killed loses and doubles no event', 'mosquitto', async ({ fleet, clock }) => {
  const [node] = fleet.outside!.nodes
  const codes = async () => (await faultsOf(fleet)).map(({ code }) => code).join()
  await node!.kill()
  await until('the hub tells that it has no broker', 20, async () => (await codes()) === 'BROKER_AWAY')
  // Whoever connects says what time it is.
  clock.set(AHEAD_S)
  node!.start()
  await until('the hub tells that its clock is wrong', 40, async () => (await codes()) === 'HUB_CLOCK_OFF')
  const [fault] = await faultsOf(fleet)
  // Told by what they said last, which may be a while ago.
  const aheadS = Number(/the clock of the hub is (\d+) s ahead of/.exec(fault!.detail)?.[1])
  assert.ok(aheadS >= AHEAD_S - 5 && aheadS < AHEAD_S + 120, fault!.detail)
  const sinceMs = Date.now() - Date.parse(fault!.since)
  assert.ok(sinceMs > -30_000 && sinceMs < 120_000, `told by the clocks of the rooms: ${sinceMs} ms ago`)
  await until('all are online', 40, () => fleet.areAllOnline)
  clock.set(0)
  fleet.devices.cut()
  fleet.devices.mend()
  await until('the hub is well', 40, async () => (await codes()) === '')
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
