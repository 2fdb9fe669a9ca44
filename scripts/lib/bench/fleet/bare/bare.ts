/** The brokers themselves, with nothing beside them: each without TLS and with it, one after the other. */
import { readFileSync } from 'node:fs'
import { type Ending, Endings } from '../../../endings.ts'
import type { Memberships } from '../../../fleet/enrol-in-bulk.ts'
import { type EnrolledFleet, enrolFleet } from '../../../fleet/enrolled-fleet.ts'
import type { BareBrokerOptions } from './bare-broker.ts'
import type { BareBenchOptions } from './bare-options.ts'
import type { Peer } from './bare-table.ts'
import type { Member } from './bare-words.ts'
import { type BareFigures, measureBare } from './measure-bare.ts'

export interface BareFleetBench {
  root: string
  /** Everything lies here; certificates stay for the next time. */
  home: string
  say: (line: string) => void
  atEnd: (task: Ending) => void
}

/** From one message of a client to its next. */
export const EVERY_MS = 30_000

/** In the courts that their certificates name. */
const membersOf = ({ memberships, devices }: EnrolledFleet): Member[] => {
  const all = JSON.parse(readFileSync(memberships, 'utf8')) as Memberships
  return [...devices].map((device) => ({ device, court: all[device]!.court }))
}

const measureOne = async (
  { root, home, say, atEnd }: BareFleetBench,
  { seconds, processes }: BareBenchOptions,
  of: Pick<BareBrokerOptions, 'kind' | 'members' | 'secure'>,
): Promise<BareFigures> => {
  const endings = new Endings(say)
  atEnd(endings.tidy)
  try {
    return await measureBare({
      ...{ root, dir: home, ...of, seconds, processes, everyMs: EVERY_MS, say, atEnd: endings.add },
    })
  } finally {
    await endings.tidy()
  }
}

/** @param measured told of each broker when both its ways are measured */
export const benchBare = async (
  bench: BareFleetBench,
  options: BareBenchOptions,
  measured: (peer: Peer) => void,
): Promise<void> => {
  const { home, say } = bench
  const { brokers, devices } = options
  say('certificates ...')
  const secure = await enrolFleet(home, devices)
  const members = membersOf(secure)
  for (const broker of brokers) {
    say(`\n${broker}, plain`)
    const plain = await measureOne(bench, options, { kind: broker, members, secure: null })
    say(`\n${broker}, mutual TLS`)
    measured({ broker, devices, plain, secure: await measureOne(bench, options, { kind: broker, members, secure }) })
  }
}
