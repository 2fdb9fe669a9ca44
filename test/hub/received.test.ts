/** What a device may send, of every kind of badness: counted, told once, and nothing else. */
import fc from 'fast-check'
import { pino } from 'pino'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Reception } from '../../controller/hub/received.ts'
import { FleetWitness } from '../../controller/hub/witness-desk.ts'
import type { WitnessDesk } from '../../controller/ports/witness-book/desk.ts'
import { isUp, TOPIC_NAMES, TOPICS } from '../../controller/wire/fleet/topics.ts'
import { until } from '../stories/stage/until.ts'

const COURT = 'almaty-district'
const DEVICE = 'vb-abcdefghij234567'
const UP = TOPIC_NAMES.filter(isUp)

const logged = () => {
  const lines: string[] = []
  return { lines, log: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }) }
}

/** Bytes, JSON of any shape, and JSON that nearly is a message. */
const anyPayload = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .dictionary(fc.constantFrom('is', 'id', 'seq', 'at', 'device', 'hearing', 'upto', 'status', 'data'), fc.jsonValue())
    .map((value) => Buffer.from(JSON.stringify(value))),
  fc
    .constantFrom('[', '"', '{"__proto__":null}', '\u0000', '1e999', '['.repeat(20_000))
    .map((text) => Buffer.from(text)),
)

test('a bad message of any kind is counted and told of once; what is taken is what its schema says', () => {
  const { lines, log } = logged()
  const reception = new Reception(log, (device) => (device === DEVICE ? COURT : null))
  let bad = 0
  fc.assert(
    fc.property(fc.constantFrom(...UP), anyPayload, fc.boolean(), (name, payload, retained) => {
      const received = reception.take({ court: COURT, device: DEVICE, name, last: '' }, payload, retained)
      if (received === null) bad++
      else assert.ok(TOPICS[name].schema.safeParse(JSON.parse(payload.toString())).success)
      assert.is(reception.counts.malformed, bad)
    }),
    { numRuns: 2_000, seed: 5 },
  )
  assert.ok(bad > 1_000, `${bad}`)
  assert.ok(lines.length <= UP.length, `${lines.length} lines for ${bad} messages`)
  for (const line of lines) assert.match(line, 'MESSAGE_INVALID')
})

test('too long, from elsewhere, or what only the hub says: nobody acts on it', () => {
  const { lines, log } = logged()
  const reception = new Reception(log, (device) => (device === DEVICE ? COURT : null))
  const take = (name: (typeof TOPIC_NAMES)[number], payload: Buffer, court = COURT, device = DEVICE) =>
    reception.take({ court, device, name, last: '' }, payload, false)
  for (const name of UP) assert.is(take(name, Buffer.alloc(TOPICS[name].maxBytes + 1, 32)), null)
  for (const name of TOPIC_NAMES) if (!isUp(name)) assert.is(take(name, Buffer.from('{}')), null)
  assert.is(take('state', Buffer.from('{}'), 'other-court'), null)
  assert.is(take('state', Buffer.from('{}'), COURT, 'vb-zzzzzzzzzz234567'), null)
  assert.equal(reception.counts, { messages: UP.length + 2, malformed: UP.length, strangers: 2 })
  assert.is(lines.length, UP.length + 2)
})

test('a witness whose book cannot be written gives no receipt, and the next place is taken', async () => {
  const { lines, log } = logged()
  let isFull = true
  const desk = {
    show: async (bytes: Uint8Array) => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
      return { is: 'refused', hearing: 'x', upto: bytes.length, code: 'signature', why: 'for a test' }
    },
  } as unknown as WitnessDesk
  const answers: string[] = []
  const witness = new FleetWitness({
    ...{ desk, log, evidenceKeyOf: () => null, contradicted: () => {} },
    answer: (device) => answers.push(device),
  })
  witness.show(DEVICE, Buffer.from('{}'))
  await until('it is told', 30, () => lines.length > 0)
  assert.match(lines.join(), /ENOSPC/)
  assert.equal(answers, [])
  isFull = false
  witness.show(DEVICE, Buffer.from('{}'))
  await until('an answer', 30, () => answers.length > 0)
})

test.run()
