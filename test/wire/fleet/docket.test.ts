/** A docket that the schema takes fits into the message that carries it. */
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Docket, MAX_DOCKET_BYTES, SealedDocket } from '../../../controller/wire/fleet/docket.ts'
import { TOPICS } from '../../../controller/wire/fleet/topics.ts'

const docketOf = (hearings: number, titleOf: (i: number) => string): Docket => ({
  day: '2026-11-28',
  hearings: Array.from({ length: hearings }, (_, i) => ({
    ...{ case: `2-${1_000 + i}`, mustRecord: true, title: titleOf(i) },
    ...{ startsAt: '2026-11-28T04:00:00.000Z', endsAt: '2026-11-28T05:00:00.000Z' },
  })),
})
const bytesOf = (docket: Docket): number => Buffer.byteLength(JSON.stringify(docket))

test('200 hearings with the longest Cyrillic titles are refused in words, before anything is encrypted', () => {
  const { success, error } = Docket.safeParse(docketOf(200, () => 'ж'.repeat(200)))
  assert.not(success)
  assert.equal(error!.issues[0]!.path, ['hearings'])
  assert.match(error!.issues[0]!.message, /^\d+ bytes in all, and at most 48640 fit/)
})

test('the longest one that is taken fits, encrypted and signed', async () => {
  // Filled up to the last byte.
  const short = docketOf(200, () => 'ж'.repeat(50))
  let left = MAX_DOCKET_BYTES - bytesOf(short)
  for (const hearing of short.hearings) {
    const more = Math.min(left, 200 - hearing.title.length)
    hearing.title += 'x'.repeat(more)
    left -= more
  }
  assert.is(bytesOf(short), MAX_DOCKET_BYTES)
  assert.ok(Docket.safeParse(short).success)
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(await generateIdentity()))
  const age = Buffer.from(await encrypter.encrypt(JSON.stringify(short))).toString('base64')
  const sealed = { device: 'vb-abcdefghij234567', rev: 1, age, sig: Buffer.alloc(64, 1).toString('base64') }
  assert.ok(SealedDocket.safeParse(sealed).success, `${age.length} letters of base64`)
  assert.ok(Buffer.byteLength(JSON.stringify(sealed)) <= TOPICS.docket.maxBytes)
  short.hearings[199]!.title += 'x'
  assert.not(Docket.safeParse(short).success)
})

test.run()
