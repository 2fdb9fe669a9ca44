// deadline: 120 s
/** The register of hearings is torn, spoiled or gone: it is made again from the hearing folders. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask } from '../../controller/cli/clerk-link.ts'
import { camera } from './stage/sources.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

const REGISTER = 'register.json'

const hearings = async (stage: Stage) =>
  until('the register', 20, async () => {
    const answer = await ask(stage.runtimeDir, { do: 'hearings' }).catch(() => null)
    return answer?.is === 'hearings' ? answer.hearings : null
  })

const DAMAGES: Record<string, (files: string[]) => void> = {
  'torn in the middle': (files) => {
    for (const file of files) truncateSync(file, Math.floor(readFileSync(file).length / 2))
  },
  'of length zero': (files) => {
    for (const file of files) truncateSync(file, 0)
  },
  'full of noise': (files) => {
    for (const file of files) writeFileSync(file, Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 89) % 256)))
  },
  'JSON of something else': (files) => {
    for (const file of files) writeFileSync(file, '{"hearings":[{"id":7}]}')
  },
  gone: (files) => {
    for (const file of files) rmSync(file)
  },
}

story(
  'a damaged register is made again from the folders',
  { config: { sources: [camera('judge-camera')] } },
  async (stage) => {
    await stage.ready()
    const ids: string[] = []
    for (const number of ['2-1', '2-2']) {
      ids.push(await stage.rec(number))
      await stage.recorded(1)
      await stage.stop()
      await stage.until('idle', 20, ({ state }) => state === 'idle' || state === 'closed')
    }
    const before = await hearings(stage)
    assert.equal(
      before.map(({ id, state }) => [id, state]).sort(),
      ids.map((id) => [id, 'closed']),
    )
    for (const [damage, spoil] of Object.entries(DAMAGES)) {
      await stage.recorder.end('SIGTERM')
      const state = join(stage.dir, 'state')
      const files = readdirSync(state)
        .filter((name) => name.startsWith(REGISTER))
        .map((name) => join(state, name))
      assert.ok(files.length > 0, 'there is a register')
      spoil(files)
      stage.start()
      const after = await hearings(stage)
      const short = (list: typeof before) => list.map((one) => [one.id, one.case, one.state, one.openedUtc]).sort()
      assert.equal(short(after), short(before), damage)
    }
  },
)

test.run()
