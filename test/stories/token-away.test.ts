// deadline: 180 s
/** The key lies in a token, and the token hangs, comes back, and is torn out: recording never waits for it. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Status } from '../../controller/wire/clerk.ts'
import { makeToken, noTokens, replaceTool, restoreTool } from '../builders/token.ts'
import { assertClosed, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'

/** A checkpoint comes every ten seconds, and the token is given four. */
const NOTICED_WITHIN_S = 25

const tell = (): void =>
  story('a token that hangs or is torn out stops no hearing', {}, async (stage) => {
    const unsigned = ({ health }: Status) => health.reasons.some(({ code }) => code === 'UNSIGNED')
    const dir = stage.newFolder('token')
    await stage.ready({ identity: makeToken(dir) })
    const hearing = await stage.rec()
    await stage.recorded(2)
    replaceTool(dir, 'exec sleep 600')
    const hung = await stage.until('a trouble with the key', NOTICED_WITHIN_S, unsigned)
    assert.is(hung.lamp, 'steady', 'what is recorded is on disk')
    restoreTool(dir)
    await stage.until('the token back', NOTICED_WITHIN_S, (status) => !unsigned(status))
    replaceTool(dir, 'echo "No slots." >&2; exit 1')
    await stage.until('a trouble with the key', NOTICED_WITHIN_S, unsigned)
    replaceTool(dir, 'exec sleep 600')
    const beganMs = performance.now()
    await stage.stop()
    const tookS = (performance.now() - beganMs) / 1_000
    assert.ok(tookS < 12, `closed after ${tookS} s`)

    await assertWhole(stage, hearing)
    const journal = assertClosed(stage, hearing)
    assertUnbroken(journal, [...CAMERAS, ...MICROPHONES])
    assert.equal(
      journal.of('signer').map(({ to }) => to),
      ['failed', 'good', 'failed'],
    )
    assert.match(journal.of('signer')[0]!.reason.engineer, 'no answer within')
    assert.match(journal.of('signer')[2]!.reason.engineer, 'No slots')
    const signed = journal.of('signature')
    assert.ok(signed.length >= 2)
    assert.ok(signed.every(({ key }) => key === journal.of('device')[0]!.key))
  })

const why = noTokens()
if (why) test('a token that hangs', () => console.log(`SKIPPED  token away: ${why}`))
else tell()

test.run()
