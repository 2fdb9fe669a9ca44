/** What every shelf must do, so that a simulated device is a device. */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { NewEvent } from '../../../controller/ports/outbox/kept-event.ts'
import { hashOf } from '../../../controller/ports/outbox/kept-event.ts'
import { Outbox, type OutboxLimits } from '../../../controller/ports/outbox/outbox.ts'
import type { Shelf } from '../../../controller/ports/outbox/shelf.ts'
import { FleetEvent } from '../../../controller/wire/fleet/fleet-event.ts'

export const RAISER = { court: 'almaty', device: 'vb-aaaaaaaaaaaaaaaa', boot: 'boot-1' }
export const NOTHING = new Set<number>()
const UTC_MS = Date.UTC(2026, 10, 28)

export const event = (data: NewEvent['data'] = {}, urgent = false): NewEvent => ({
  ...{ kind: urgent ? 'alarm-raised' : 'hearing-opened', utcMs: UTC_MS, urgent, data },
})

export interface Told {
  code: string
  text: string
}

const opened: Outbox[] = []
/** A crash is pretended by an outbox that is left: its files are let go at the end. */
export const closeAll = async (): Promise<void> => {
  for (const outbox of opened.splice(0)) await outbox.close()
}

export const openOutbox = (shelf: Shelf, limits?: OutboxLimits) => {
  const told: Told[] = []
  const outbox = new Outbox({
    ...{ shelf, raiser: RAISER, utcMs: () => UTC_MS, retry: { firstMs: 1, longestMs: 5 } },
    ...(limits ? { limits } : {}),
    complain: (code, text) => told.push({ code, text }),
  })
  opened.push(outbox)
  return { outbox, told }
}

export const seqs = (events: readonly { seq: number }[]): number[] => events.map(({ seq }) => seq)
export const all = (outbox: Outbox) => outbox.next(100_000, NOTHING)
export const dataOf = ({ text }: { text: string }) => FleetEvent.parse(JSON.parse(text)).data

export const shelfContract = (test: Test, make: () => Shelf): void => {
  test('events are numbered from 1, chained by hash, and fit the schema', async () => {
    const { outbox } = openOutbox(make())
    for (const n of [1, 2, 3]) outbox.raise(event({ n }))
    await outbox.settled()
    const events = await all(outbox)
    assert.equal(seqs(events), [1, 2, 3])
    const parsed = events.map(({ text }) => FleetEvent.parse(JSON.parse(text)))
    assert.equal(
      parsed.map(({ prev }) => prev),
      [null, hashOf(events[0]!.text), hashOf(events[1]!.text)],
    )
    assert.equal(
      parsed.map(({ data }) => data.n),
      [1, 2, 3],
    )
    assert.is(parsed[0]!.id, 'vb-aaaaaaaaaaaaaaaa/1')
    assert.is(outbox.waiting, 3)
    await outbox.close()
  })

  test('urgent ones come first, each kind in its order, and what is on its way is left out', async () => {
    const { outbox } = openOutbox(make())
    for (const urgent of [false, true, false, true, false]) outbox.raise(event({}, urgent))
    await outbox.settled()
    assert.equal(seqs(await outbox.next(50, NOTHING)), [2, 4, 1, 3, 5])
    assert.equal(seqs(await outbox.next(2, new Set([2]))), [4, 1])
    await outbox.close()
  })

  test('what the hub has is not sent again, in whatever order it took it', async () => {
    const shelf = make()
    const { outbox } = openOutbox(shelf)
    for (let n = 0; n < 10; n++) outbox.raise(event({ n }, n === 7))
    await outbox.settled()
    await outbox.acknowledge({ upto: 0, ahead: [8, 3] })
    assert.equal(seqs(await all(outbox)), [1, 2, 4, 5, 6, 7, 9, 10])
    await outbox.acknowledge({ upto: 2, ahead: [3, 8] })
    assert.is(outbox.waiting, 6)
    await outbox.acknowledge({ upto: 1, ahead: [] })
    assert.equal(seqs(await all(outbox)), [4, 5, 6, 7, 9, 10], 'an older word takes nothing back')
    await outbox.acknowledge({ upto: 10, ahead: [] })
    assert.is(outbox.waiting, 0)
    await outbox.close()
  })

  test('numbers go on after everything was acknowledged and the outbox opened again', async () => {
    const shelf = make()
    const first = openOutbox(shelf)
    for (let n = 0; n < 3; n++) first.outbox.raise(event())
    await first.outbox.settled()
    const [, , third] = await all(first.outbox)
    await first.outbox.acknowledge({ upto: 3, ahead: [] })
    await first.outbox.close()
    const { outbox } = openOutbox(shelf)
    outbox.raise(event())
    await outbox.settled()
    const [fourth] = await all(outbox)
    assert.is(fourth!.seq, 4)
    assert.is(FleetEvent.parse(JSON.parse(fourth!.text)).prev, hashOf(third!.text))
    await outbox.close()
  })

  test('a hub that knows more than this device is not told other things under the same numbers', async () => {
    const { outbox, told } = openOutbox(make())
    outbox.raise(event({ n: 1 }))
    outbox.raise(event({ n: 2 }, true))
    await outbox.settled()
    await outbox.acknowledge({ upto: 700, ahead: [] })
    await outbox.settled()
    outbox.raise(event({ n: 3 }))
    await outbox.settled()
    const events = await all(outbox)
    assert.equal(
      events.map((one) => [one.seq, dataOf(one).n]),
      [
        [702, 2],
        [701, 1],
        [703, 3],
      ],
    )
    assert.match(told[0]!.text, '700')
    await outbox.close()
  })

  test('what another machine has said under its numbers is raised again, once; what is its own is not', async () => {
    const { outbox, told } = openOutbox(make())
    for (let n = 1; n <= 5; n++) outbox.raise(event({ n }))
    await outbox.settled()
    const hashes = (await all(outbox)).map(({ hash }) => hash)
    await outbox.acknowledge({ upto: 2, ahead: [], hash: hashes[1]! })
    assert.equal(told, [])
    for (let time = 0; time < 2; time++) {
      await outbox.acknowledge({ upto: 4, ahead: [], hash: 'a'.repeat(64) })
      await outbox.settled()
    }
    assert.equal(
      (await all(outbox)).map((one) => [one.seq, dataOf(one).n]),
      [
        [5, 5],
        [6, 3],
        [7, 4],
      ],
    )
    assert.match(told[0]!.text, '3 to 4 are raised again')
    await outbox.acknowledge({ upto: 7, ahead: [], hash: (await all(outbox)).at(-1)!.hash })
    assert.equal([outbox.waiting, told.length], [0, 1])
    await outbox.close()
  })

  test('a full outbox takes no more, says so once, and how many it refused', async () => {
    const { outbox, told } = openOutbox(make(), { events: 10, bytes: 1e9 })
    for (let n = 0; n < 10; n++) outbox.raise(event({ n }))
    await outbox.settled()
    for (let n = 0; n < 7; n++) outbox.raise(event({ n: 100 + n }))
    await outbox.settled()
    assert.equal(
      told.map(({ code }) => code),
      ['OUTBOX_FULL'],
    )
    assert.is(outbox.waiting, 10)
    await outbox.acknowledge({ upto: 5, ahead: [] })
    outbox.raise(event({ n: 200 }))
    await outbox.settled()
    const events = await all(outbox)
    assert.equal(
      seqs(events),
      [11, 6, 7, 8, 9, 10, 12].sort((a, b) => (a === 11 || a === 12 ? a - b : 0)),
    )
    const lost = events.find(({ kind }) => kind === 'events-lost')!
    assert.equal(dataOf(lost), { why: 'refused', count: 7, fromSeq: null, toSeq: null })
    await outbox.close()
  })

  test('an event that is too long says less instead', async () => {
    const { outbox } = openOutbox(make())
    outbox.raise(event(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(1_000)]))))
    await outbox.settled()
    const [only] = await all(outbox)
    assert.ok(only!.text.length < 1_000)
    FleetEvent.parse(JSON.parse(only!.text))
    await outbox.close()
  })
}
