/** `scripts/drill fleet`: does the drills that are asked for, one after the other, and tells what was seen. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../../../controller/base/error.ts'
import { tableText } from '../../bench/table-text.ts'
import { Endings } from '../../endings.ts'
import { FLEET_DRILLS } from './all.ts'
import type { Finding, FleetDrill } from './drill.ts'
import { type FleetDrillOptions, readFleetDrillOptions } from './options.ts'

export interface DrillRun {
  root: string
  /** A folder for each drill is made here; of one that went well nothing is left. */
  home: string
  say: (line: string) => void
}

/** A list for people. */
export const drillList = (): string => {
  const width = Math.max(...FLEET_DRILLS.map(({ name }) => name.length))
  return FLEET_DRILLS.map(({ name, what }) => `  ${name.padEnd(width)}  ${what}`).join('\n')
}

const failed = (thrown: unknown): Finding => ({
  ...{ what: 'the drill itself', wanted: 'done', seen: messageOf(thrown), isWell: false },
})

const doOne = async (drill: FleetDrill, { root, home, say }: DrillRun, { devices }: FleetDrillOptions) => {
  const folder = join(home, drill.name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { add: atEnd, tidy } = new Endings(say)
  const interrupted = (): void => void tidy().then(() => process.exit(130))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, interrupted)
  const findings = await drill.run({ root, home: folder, devices, say, atEnd }).catch((thrown) => [failed(thrown)])
  await tidy()
  for (const signal of signals) process.off(signal, interrupted)
  if (findings.every(({ isWell }) => isWell)) rmSync(folder, { recursive: true, force: true })
  else say(`what it left: ${folder}`)
  return findings
}

/** @returns whether all is well; throws an Error with one sentence when the words cannot be understood */
export const drillFleet = async (run: DrillRun, words: string[]): Promise<boolean> => {
  const options = readFleetDrillOptions(words)
  const rows: string[][] = []
  const begun = performance.now()
  let isWell = true
  for (const drill of options.drills) {
    run.say(`\n${drill.name}: ${drill.what}`)
    for (const { what, wanted, seen, isWell: isGood } of await doOne(drill, run, options)) {
      rows.push([drill.name, what, wanted, seen, isGood ? 'well' : 'NOT WELL'])
      isWell &&= isGood
    }
  }
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1)
  const title = `${options.devices} devices where a drill is one of many, ${minutes} minutes`
  console.log(`\n${tableText({ title, head: ['drill', 'what', 'wanted', 'seen', ''], rows, notes: [] })}`)
  return isWell
}
