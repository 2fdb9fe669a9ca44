/** Disasters by the dozen, and what the worst of them cost; `scripts/drill` has set everything up before. */
import { join } from 'node:path'
import { messageOf } from '../controller/base/error.ts'
import { CLOSE_INTERRUPTED, interrupt, MOST_LOST_MS } from '../test/stories/stage/cut.ts'
import { noDisks } from '../test/stories/stage/disk.ts'
import { Stage } from '../test/stories/stage/stage.ts'
import { drillFleet, drillList } from './lib/drill/fleet/run.ts'
import { drillMqttFuzz } from './lib/drill-mqtt.ts'
import { drillBytes, drillFuzz } from './lib/drill-verifier.ts'

const USAGE =
  'usage: scripts/drill power-cuts|kills|fuzz|mqtt-fuzz [N], scripts/drill bytes, or scripts/drill fleet [NAME ...]'
const EXIT = { well: 0, failed: 1, usage: 2 }

/** Room for some hundred hearings of a few seconds. */
const DISK_MEGABYTES = 256

const drill = async (power: boolean, count: number): Promise<number> => {
  const disks = power ? [DISK_MEGABYTES, DISK_MEGABYTES] : [null, null]
  const stage = new Stage({ disks, config: { hearing: CLOSE_INTERRUPTED } })
  const losses: number[] = []
  try {
    await stage.ready()
    for (let number = 1; number <= count; number++) losses.push((await interrupt(stage, power, number)).worstMs)
  } catch (fault) {
    console.log(stage.recorder.said.split('\n').slice(-40).join('\n'))
    console.log(messageOf(fault))
  } finally {
    await stage.end()
  }
  const seconds = (ms: number | undefined) => ((ms ?? 0) / 1_000).toFixed(2)
  const sorted = losses.sort((a, b) => a - b)
  console.log(
    `${losses.length} of ${count} ${power ? 'power cuts' : 'kills'} recovered whole; seconds lost of the worst track: ` +
      `median ${seconds(sorted[Math.floor(sorted.length / 2)])}, worst ${seconds(sorted.at(-1))}`,
  )
  return losses.length === count && (sorted.at(-1) ?? 0) <= MOST_LOST_MS ? EXIT.well : EXIT.failed
}

/** Every drill, and how often it is done when nobody says. */
const DRILLS: Record<string, { times: number; run: (count: number) => Promise<number> }> = {
  'power-cuts': { times: 20, run: (count) => drill(true, count) },
  kills: { times: 20, run: (count) => drill(false, count) },
  fuzz: { times: 100_000, run: async (count) => ((await drillFuzz(count)) ? EXIT.well : EXIT.failed) },
  'mqtt-fuzz': { times: 1_000_000, run: async (count) => ((await drillMqttFuzz(count)) ? EXIT.well : EXIT.failed) },
  bytes: { times: 1, run: async () => ((await drillBytes()) ? EXIT.well : EXIT.failed) },
}

const fleet = async (words: string[]): Promise<number> => {
  const root = process.env.VERBATIM_ROOT!
  const say = (line: string): void => console.error(line)
  try {
    return (await drillFleet({ root, home: join(root, '.verbatim/drill'), say }, words)) ? EXIT.well : EXIT.failed
  } catch (fault) {
    console.error(messageOf(fault))
    return EXIT.usage
  }
}

const [first, ...words] = process.argv.slice(2)
if (first === 'fleet' && words.some((word) => word === '--help' || word === '-h')) {
  console.log(`usage: scripts/drill fleet [NAME ...] [--devices N]; without names all of these:\n${drillList()}`)
  process.exit(EXIT.well)
}
if (first === 'fleet') process.exit(await fleet(words))
const [what = '', number, ...more] = process.argv.slice(2)
const wanted = Object.hasOwn(DRILLS, what) ? DRILLS[what] : undefined
const count = Number(number ?? wanted?.times)
if (!wanted || !Number.isInteger(count) || count < 1 || more.length) {
  console.error(USAGE)
  process.exit(EXIT.usage)
}
const why = what === 'power-cuts' ? noDisks() : null
if (why) {
  console.error(`power cuts need loop devices: ${why}`)
  process.exit(EXIT.failed)
}
process.exit(await wanted.run(count))
