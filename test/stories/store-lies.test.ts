// deadline: 240 s
/** A disk that lies: it gives back other bytes than it took, and says nothing. It is found out between hearings. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertWhole } from './stage/proof.ts'
import { story } from './stage/story.ts'
import { until } from './stage/until.ts'

/** The calm after a hearing, and two readings of it on a busy machine. */
const READ_AGAIN_WITHIN_S = 120

story(
  'a fragment that a disk spoils is put back from the other',
  { config: { scrub: { everyMinutes: 0.1 } } },
  async (stage) => {
    await stage.ready()
    const hearing = await stage.rec()
    await stage.recorded(3)
    await stage.stop()
    const [fragment] = stage.journal(hearing).fragments('judge-mic').slice(1)
    const path = join(stage.stores[1]!, hearing, fragment!.file)
    const bytes = readFileSync(path)
    bytes[fragment!.offset + 40]! ^= 0x04
    writeFileSync(path, bytes)

    const lines = () => stage.journal(hearing, 1).of('repaired')
    await until('the repair journalled', READ_AGAIN_WITHIN_S, () => lines().length > 0)
    assert.equal(
      lines().map(({ store, from, file, offset }) => [store, from, file, offset]),
      [['mirror', 'store', fragment!.file, fragment!.offset]],
    )
    await until('both journals', 20, () => stage.journal(hearing, 0).of('repaired').length > 0)
    await assertWhole(stage, hearing)
    assertClosed(stage, hearing)
  },
)

test.run()
