/** The disk of the hub fills up while events come; the hub is killed and started again on the full disk; room is made. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../../controller/base/error.ts'
import { LoopDisk, noDisks } from '../../../../test/stories/stage/disk.ts'
import { hubHome } from '../../fleet/hub-child.ts'
import { WholeFleet } from '../../fleet/whole-fleet.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { eventFindings } from './event-findings.ts'
import { allOnlineAfter } from './presence-watch.ts'

const MEGABYTES = 64
/** Few are enough: it is about the disk. */
const MOST_DEVICES = 200
const ALARMS = 50
const CONNECTED_WITHIN_MS = 120_000
/** What the database has of the disk already it can still use. */
const FULL_WITHIN_MS = 5 * 60_000
const STAYS_FULL_MS = 30_000

/** What a monitoring program sees. */
const told = async (fleet: WholeFleet): Promise<{ faults: string[]; isStoreUp: boolean }> => {
  const health = await fleet.console.fetch('GET', '/healthz')
  const metrics = await fleet.console.fetch('GET', '/metrics')
  const { faults } = JSON.parse(health.text) as { faults: string[] }
  return { faults, isStoreUp: /^verbatim_hub_store_up 1$/m.test(metrics.text) }
}

/** More than none: the hub has acknowledged what it has not kept. */
const liesOf = async (fleet: WholeFleet): Promise<number> => {
  const { events, waiting } = await fleet.devices.count()
  const raised = Object.values(events).reduce((sum, last) => sum + last, 0)
  const kept = [...fleet.kept().values()].reduce((sum, { numbers }) => sum + numbers, 0)
  return Math.max(0, raised - waiting - kept)
}

const fillUp = async (fleet: WholeFleet, disk: LoopDisk): Promise<boolean> => {
  let ballast = 0
  for (const begun = performance.now(); performance.now() - begun < FULL_WITHIN_MS; await delay(500)) {
    disk.fill(`ballast-${ballast++}`)
    if (!(await told(fleet)).isStoreUp) return true
  }
  return false
}

/** What came of starting it on the full disk. */
const startedFull = async (fleet: WholeFleet): Promise<Finding> => {
  const what = 'killed, and started on the full disk'
  const wanted = 'it runs and tells, or ends and says why'
  await fleet.hub.kill()
  try {
    await fleet.hub.start()
    await delay(5_000)
    const { isStoreUp } = await told(fleet)
    const seen = fleet.hub.hasEnded
      ? 'it ended after its start'
      : `it runs, and says that its store ${isStoreUp ? 'works' : 'does not'}`
    return { what, wanted, seen, isWell: !fleet.hub.hasEnded && !isStoreUp }
  } catch (fault) {
    const words = messageOf(fault)
    const line = words.split('\n').findLast((one) => one.includes('"code"')) ?? words
    return { what, wanted, seen: line.slice(0, 160), isWell: /no space|disk is full|ENOSPC|SQLITE_FULL/i.test(words) }
  }
}

const run = async ({ root, home, devices, say, atEnd }: DrillPlace): Promise<Finding[]> => {
  const why = noDisks()
  if (why) throw new Error(`it needs loop devices: ${why}`)
  mkdirSync(hubHome(home), { recursive: true, mode: 0o700 })
  const disk = LoopDisk.makeAt(home, 'disk', MEGABYTES, hubHome(home))
  atEnd(() => disk.detach())
  const count = Math.min(devices, MOST_DEVICES)
  const fleet = await WholeFleet.start({ root, dir: home, devices: count, broker: 'embedded', say, atEnd })
  await fleet.startDevices({ processes: 2, connectsPerSecond: 100 })
  if (!Number.isFinite(await allOnlineAfter(fleet, CONNECTED_WITHIN_MS)))
    throw new Error('not all devices have connected')
  fleet.devices.raise(ALARMS)
  const isFull = await fillUp(fleet, disk)
  say(`the disk is full; the hub ${isFull ? 'says so' : 'says nothing'}`)
  await delay(STAYS_FULL_MS)
  const { faults } = await told(fleet)
  const [hasEnded, lies] = [fleet.hub.hasEnded, await liesOf(fleet)]
  const logged = fleet.hub.log.split('\n').filter((line) => line.includes('EVENTS_UNKEPT')).length
  const isLookedAt = await fleet.look().then(
    () => 'yes',
    (fault: unknown) => messageOf(fault).slice(0, 120),
  )
  const started = await startedFull(fleet)
  say(`started on the full disk: ${started.seen}`)
  const liesAfter = await liesOf(fleet)
  for (let ballast = 0; ballast < 2_000; ballast++) rmSync(join(disk.path, `ballast-${ballast}`), { force: true })
  if (fleet.hub.hasEnded) await fleet.hub.start()
  fleet.devices.rest()
  await fleet.look()
  const events = await eventFindings(fleet)
  const after = await told(fleet)
  return [
    ...events,
    {
      ...{ what: 'full: the hub runs on, and tells', wanted: 'in health, metrics and its log' },
      ...{
        seen: hasEnded ? 'it ended' : `${faults.join('; ') || 'nothing'}; ${logged} lines`,
        isWell: isFull && !hasEnded,
      },
    },
    { what: 'full: the console can be looked at', wanted: 'yes', seen: isLookedAt, isWell: isLookedAt === 'yes' },
    {
      ...{ what: 'acknowledged and not kept: full, and after the start', wanted: '0, 0' },
      ...{ seen: `${lies}, ${liesAfter}`, isWell: lies + liesAfter === 0 },
    },
    started,
    {
      ...{
        what: 'room is made: it says that all is well',
        wanted: 'by itself',
        seen: after.faults.join('; ') || 'it does',
      },
      isWell: after.isStoreUp && !after.faults.length,
    },
  ]
}

export const hubDiskFull: FleetDrill = {
  name: 'hub-disk-full',
  what: 'the disk of the hub fills up while events come, the hub is killed and started on it, and room is made; needs root',
  run,
}
