/** Measures the recorder, part by part; `scripts/bench` has set everything up before. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../controller/base/error.ts'
import { conditionsOf } from './lib/bench/conditions.ts'
import { measureCost } from './lib/bench/cost.ts'
import { type BareFleetBench, benchBare, EVERY_MS } from './lib/bench/fleet/bare/bare.ts'
import { type BareBenchOptions, readBareBenchOptions } from './lib/bench/fleet/bare/bare-options.ts'
import { bareTable, type Peer } from './lib/bench/fleet/bare/bare-table.ts'
import { fleetTable } from './lib/bench/fleet/figures-table.ts'
import { benchFleet } from './lib/bench/fleet/fleet.ts'
import type { FleetFigures } from './lib/bench/fleet/measure.ts'
import { type FleetBenchOptions, readFleetBenchOptions } from './lib/bench/fleet/options.ts'
import { measureLoss } from './lib/bench/loss.ts'
import { measureOffset } from './lib/bench/offset.ts'
import {
  type BenchOptions,
  type PartName,
  readBenchOptions,
  readVerifyBenchOptions,
  type VerifyBenchOptions,
} from './lib/bench/options.ts'
import type { Bench, PartResult } from './lib/bench/part.ts'
import { measurePress } from './lib/bench/press.ts'
import { measureReaction } from './lib/bench/reaction.ts'
import { tableText } from './lib/bench/table-text.ts'
import { measureVerify } from './lib/bench/verify.ts'
import { Endings } from './lib/endings.ts'

const EXIT = { well: 0, failed: 1, usage: 2, interrupted: 130 }

const MEASURES: Record<PartName, (bench: Bench) => Promise<PartResult>> = {
  cost: measureCost,
  press: measurePress,
  loss: measureLoss,
  offset: measureOffset,
  reaction: measureReaction,
}

const root = process.env.VERBATIM_ROOT!
const home = process.env.VERBATIM_HOME!
const runtimeDir = process.env.VERBATIM_RUNTIME!

const say = (line: string): void => {
  console.error(line)
}

const { add: atEnd, tidy } = new Endings(say)

const measureAll = async (options: BenchOptions): Promise<void> => {
  for (const dir of [home, join(home, 'state')]) mkdirSync(dir, { recursive: true })
  mkdirSync(runtimeDir, { recursive: true, mode: 0o700 })
  const cacheDir = join(root, '.verbatim/prepared')
  const bench = {
    options,
    home,
    runtimeDir,
    cacheDir,
    say,
    atEnd,
  }
  const conditions = conditionsOf(home)
  const width = Math.max(...Object.keys(conditions).map((name) => name.length))
  console.log(
    Object.entries(conditions)
      .map(([name, what]) => `${name.padEnd(width)}  ${what}`)
      .join('\n'),
  )
  const figures: Record<string, unknown> = { conditions, options }
  for (const part of options.parts) {
    say(`\nmeasuring ${part} ...`)
    try {
      const result = await MEASURES[part](bench)
      for (const table of result.tables) console.log(`\n${tableText(table)}`)
      figures[part] = result.figures
    } finally {
      await tidy()
    }
  }
  if (!options.json) return
  const file = join(home, 'bench-capture.json')
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
  console.log(`\nfigures: ${file}`)
}

/** `verify [--megabytes N] [--rounds N]`: needs no courtroom. */
const verifyAlone = (words: string[]): number => {
  let options: VerifyBenchOptions
  try {
    options = readVerifyBenchOptions(words)
  } catch (thrown) {
    say(messageOf(thrown))
    return EXIT.usage
  }
  mkdirSync(home, { recursive: true })
  console.log(tableText(measureVerify(home, join(root, 'dist/verbatim.js'), options, say)))
  return EXIT.well
}

/** Reads the words, says the conditions, measures, and writes the figures where that is wanted. */
const fleetAlone = async <Options extends { json: boolean }>(
  read: () => Options,
  measure: (options: Options, bench: BareFleetBench) => Promise<unknown>,
): Promise<number> => {
  let options: Options
  try {
    options = read()
  } catch (thrown) {
    say(messageOf(thrown))
    return EXIT.usage
  }
  const fleetHome = join(home, 'fleet')
  mkdirSync(fleetHome, { recursive: true })
  const conditions = conditionsOf(home)
  for (const [name, what] of Object.entries(conditions)) console.log(`${name}  ${what}`)
  try {
    const figures = await measure(options, { root, home: fleetHome, say, atEnd })
    if (options.json)
      writeFileSync(join(home, 'bench-fleet.json'), `${JSON.stringify({ conditions, options, figures }, null, 2)}\n`)
    return EXIT.well
  } catch (thrown) {
    say(`Failed: ${messageOf(thrown)}`)
    return EXIT.failed
  } finally {
    await tidy()
  }
}

/** `fleet [--devices N] ...`: a hub, its broker and simulated rooms. */
const wholeFleet = async (options: FleetBenchOptions, bench: BareFleetBench): Promise<FleetFigures> => {
  const figures = await benchFleet({ ...bench, profile: process.env.VERBATIM_PROFILE }, options)
  console.log(`\n${tableText(fleetTable(figures, options))}`)
  return figures
}

/** `fleet --bare ...`: the brokers with nothing beside them. */
const bareBrokers = async (options: BareBenchOptions, bench: BareFleetBench): Promise<Peer[]> => {
  const peers: Peer[] = []
  await benchBare(bench, options, (peer) => {
    peers.push(peer)
    console.log(`\n${tableText(bareTable(peer, EVERY_MS))}`)
  })
  return peers
}

const main = async (): Promise<number> => {
  const [first, ...rest] = process.argv.slice(2)
  if (first === 'verify') return verifyAlone(rest)
  if (first === 'fleet')
    return rest.includes('--bare')
      ? fleetAlone(() => readBareBenchOptions(rest), bareBrokers)
      : fleetAlone(() => readFleetBenchOptions(rest), wholeFleet)
  let options: BenchOptions
  try {
    options = readBenchOptions(process.argv.slice(2))
  } catch (thrown) {
    say(`${messageOf(thrown)}\nscripts/bench --help says more.`)
    return EXIT.usage
  }
  try {
    await measureAll(options)
    return EXIT.well
  } catch (thrown) {
    say(`Failed: ${messageOf(thrown)}`)
    return EXIT.failed
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void tidy().then(() => process.exit(EXIT.interrupted)))

process.chdir(root)
process.exit(await main())
