/** What the stories demand of a recording. */
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { checkHearing, type HearingCheck } from '../../../controller/ports/evidence/check.ts'
import { reportLines } from '../../../controller/ports/evidence/report.ts'
import { verifyFolder } from '../../../controller/ports/evidence/verify-folder.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { holesIn, type Journal } from './journal.ts'
import type { Stage } from './stage.ts'

/** The hearing is whole on every store, each checked for itself and against the other. */
export const assertWhole = async (stage: Stage, hearing: string): Promise<HearingCheck[]> => {
  const checks: HearingCheck[] = []
  for (const [i, store] of stage.stores.entries()) {
    const other = stage.stores[1 - i]
    const check = await checkHearing(join(store, hearing), {
      store: i === 0 ? 'store' : 'mirror',
      ...(other ? { mirror: join(other, hearing) } : {}),
    })
    assert.is(check.verdict, 'whole', `${store}:\n${reportLines(check).join('\n')}`)
    checks.push(check)
    await assertAuthentic(join(store, hearing))
  }
  return checks
}

/** Whatever happened to it, what was recorded can be proved: signed, and nothing changed since. */
const assertAuthentic = async (dir: string): Promise<void> => {
  const { verdict, findings } = await verifyFolder(dir, nodeProof())
  assert.match(verdict, /^authentic/, `${dir}: ${JSON.stringify(findings.slice(0, 5), null, 1)}`)
}

/** The hearing was closed in order, and the journals of all stores hold the same. */
export const assertClosed = (stage: Stage, hearing: string): Journal => {
  const journals = stage.stores.map((_, i) => stage.journal(hearing, i))
  for (const journal of journals) {
    assert.is(journal.of('hearing-closed').length, 1, 'closed once')
    assert.equal(journal.entries.length, journals[0]!.entries.length, 'both journals have the same lines')
  }
  return journals[0]!
}

/** No sample is missing between the first and the last: fragments meet, one run, numbered without a hole, no gap. */
export const assertUnbroken = (journal: Journal, tracks: readonly string[]): void => {
  for (const track of tracks) {
    const fragments = journal.fragments(track)
    assert.ok(fragments.length > 0, `${track} has fragments`)
    assert.equal(holesIn(fragments), [], `${track} has holes`)
    assert.equal(
      fragments.map(({ run }) => run),
      fragments.map(() => 1),
      `${track} was written by one run`,
    )
    assert.equal(
      fragments.map(({ seq }) => seq),
      fragments.map((_, i) => i + 1),
      `${track} is numbered without a hole`,
    )
    assert.equal(
      journal.gaps(track).map(({ fromMs, toMs, reason }) => [fromMs, toMs, reason.engineer]),
      [],
      `${track} has gaps`,
    )
  }
}

/** As many pictures, or packets of sound, as that length has at this rate: none was left out. */
export const assertCounted = (journal: Journal, tracks: readonly string[], perSecond: number): void => {
  for (const track of tracks) {
    const fragments = journal.fragments(track)
    const counted = fragments.reduce((sum, { samples }) => sum + samples, 0)
    const wanted = (fragments.reduce((sum, { durationMs }) => sum + durationMs, 0) * perSecond) / 1_000
    assert.ok(Math.abs(counted - wanted) <= 1, `${track}: ${counted} counted, ${wanted.toFixed(1)} wanted`)
  }
}

/** Beginning and end of the tracks reach the hearing's own: first sample near REC, last one near STOP. */
export const assertSpans = (journal: Journal, tracks: readonly string[], endMs: number): void => {
  for (const track of tracks) {
    const [first] = journal.fragments(track)
    assert.ok(first!.mediaMs < 1_500, `${track} begins at ${first!.mediaMs} ms`)
    const lateMs = endMs - journal.endMs(track)
    assert.ok(Math.abs(lateMs) < 600, `${track} ends ${lateMs} ms before the hearing`)
  }
}
