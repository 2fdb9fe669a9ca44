/** Puts hub, broker, devices and onlooker together, and measures. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Ending } from '../../endings.ts'
import { hubHome } from '../../fleet/hub-child.ts'
import { WholeFleet } from '../../fleet/whole-fleet.ts'
import { type FleetFigures, measureFleet } from './measure.ts'
import type { FleetBenchOptions } from './options.ts'

export interface FleetBench {
  root: string
  /** Everything lies here while it is measured; certificates stay for the next time. */
  home: string
  say: (line: string) => void
  atEnd: (task: Ending) => void
  /** Folder for a profile of the hub's processor time; none without it. */
  profile?: string | undefined
}

export const benchFleet = async (bench: FleetBench, options: FleetBenchOptions): Promise<FleetFigures> => {
  const { root, home: dir, say, atEnd, profile } = bench
  // The authority's books are kept: making ten thousand certificates takes a minute.
  for (const name of ['store', 'witness', 'users.json', 'audit.ndjson', 'broker'])
    rmSync(join(hubHome(dir), name), { recursive: true, force: true })
  const { devices, broker } = options
  const fleet = await WholeFleet.start({
    ...{ root, dir, devices, broker, say, atEnd },
    execArgv: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
  })
  const nodes = (fleet.outside?.nodes ?? []).map((node) => ({ name: node.name, pids: () => node.pids }))
  return measureFleet({
    ...{ fleet, options, say },
    measured: [{ name: 'hub', pids: () => [fleet.hub.pid] }, ...nodes],
  })
}
