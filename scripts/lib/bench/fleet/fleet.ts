/** Puts hub, broker, devices and onlooker together, and measures. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import Database from 'better-sqlite3'
import { ConsoleClient } from '../../../../controller/simulator/console-client.ts'
import { COURTS } from '../../../../controller/simulator/courts.ts'
import { roomsOf } from '../../../../controller/simulator/room.ts'
import { enrolInBulk } from '../../fleet/enrol-in-bulk.ts'
import { HubChild, hubHome } from '../../fleet/hub-child.ts'
import { freePort } from '../../free-port.ts'
import { Devices } from './devices.ts'
import { type FleetFigures, measureFleet } from './measure.ts'
import { Onlooker } from './onlooker.ts'
import type { FleetBenchOptions } from './options.ts'
import { startOutsideBroker } from './outside-broker.ts'

export interface FleetBench {
  root: string
  /** Everything lies here while it is measured; certificates stay for the next time. */
  home: string
  say: (line: string) => void
  atEnd: (task: () => Promise<void> | void) => void
  /** Folder for a profile of the hub's processor time; none without it. */
  profile?: string | undefined
}

const ADMINISTRATOR = { name: 'bench', password: 'only for this bench' }
const REGION = 'Bench'

/** Events of each device: how many rows, how many numbers. */
const keptIn = (home: string) => (): Map<string, { rows: number; numbers: number; last: number }> => {
  const db = new Database(join(home, 'store', 'fleet.sqlite'), { readonly: true })
  try {
    const rows = db
      .prepare(
        'SELECT name, COUNT(*) AS rows, COUNT(DISTINCT seq) AS numbers, MAX(seq) AS last FROM event ' +
          'JOIN device ON device.id = event.device GROUP BY name',
      )
      .all() as { name: string; rows: number; numbers: number; last: number }[]
    return new Map(rows.map(({ name, ...counts }) => [name, counts]))
  } finally {
    db.close()
  }
}

export const benchFleet = async (bench: FleetBench, options: FleetBenchOptions): Promise<FleetFigures> => {
  const { root, home: dir, say, atEnd, profile } = bench
  const home = hubHome(dir)
  // The authority's books are kept: making ten thousand certificates takes a minute.
  for (const name of ['store', 'witness', 'users.json', 'audit.ndjson', 'broker'])
    rmSync(join(home, name), { recursive: true, force: true })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  say('certificates ...')
  const docketKey = await identityToRecipient(await generateIdentity())
  const authority = join(home, 'authority')
  const memberships = await enrolInBulk(authority, REGION, roomsOf(1, options.devices), docketKey)
  const outside =
    options.broker === 'embedded' ? null : await startOutsideBroker(options.broker, dir, authority, REGION)
  if (outside) atEnd(() => outside.stop())
  const hub = await HubChild.start({
    ...{ root, dir, administrator: ADMINISTRATOR },
    execArgv: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
    config: {
      region: REGION,
      web: { host: '127.0.0.1', port: await freePort(), tls: false },
      broker: outside?.config ?? {
        ...{ kind: 'embedded', host: '127.0.0.1', port: await freePort() },
        maxDevices: options.devices + 100,
      },
      courts: COURTS.map(({ id, name, region }) => ({ id, name, region })),
    },
  })
  atEnd(() => hub.stop())
  const devices = new Devices(root)
  atEnd(() => devices.kill())
  const console = new ConsoleClient(hub.addresses.web)
  await console.login(ADMINISTRATOR.name, ADMINISTRATOR.password)
  const onlooker = new Onlooker(console)
  atEnd(() => onlooker.stop())
  await onlooker.look()
  return measureFleet({
    ...{
      options,
      devices,
      onlooker,
      memberships,
      say,
      kept: keptIn(home),
      brokerUrls: outside?.urls ?? [hub.addresses.mqtt],
    },
    measured: [{ name: 'hub', pids: () => [hub.pid] }, ...(outside?.measured ?? [])],
    killHub: async () => {
      await hub.kill()
      await hub.start()
      // Whoever was logged in is not any more.
      await console.login(ADMINISTRATOR.name, ADMINISTRATOR.password)
      await onlooker.look()
    },
  })
}
