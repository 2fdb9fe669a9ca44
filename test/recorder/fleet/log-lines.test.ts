/** What `send-logs` sends: the latest lines, without what was said in the room, and never more than fits. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LogLines } from '../../../controller/recorder/fleet/log-lines.ts'
import { TOPICS } from '../../../controller/wire/fleet/topics.ts'

const line = (fields: object) => JSON.stringify({ level: 30, time: '2026-11-28T00:00:00.000Z', ...fields })

test('the latest, the oldest of them first; rubbish is left out', () => {
  const lines = new LogLines()
  for (let number = 0; number < 1_000; number++) lines.push(line({ msg: `line ${number}` }))
  lines.push('not JSON')
  const told = lines
    .latest(1 << 20)
    .trim()
    .split('\n')
  assert.is(told.length, 399)
  assert.is((JSON.parse(told.at(-1)!) as { msg: string }).msg, 'line 999')
  assert.is((JSON.parse(told[0]!) as { msg: string }).msg, 'line 601')
})

test('no case, and no words of whoever pressed', () => {
  const lines = new LogLines()
  lines.push(
    line({ hearing: '2026-11-28_170520_Room-1_2-1234', msg: 'reading /srv/2026-11-28_170520_Room-1_2-1234/x' }),
  )
  lines.push(line({ do: 'journal', entry: 'mark', engineer: 'the witness weeps', msg: 'case 2-1234' }))
  const told = lines.latest(1 << 20)
  assert.match(told, '2026-11-28_170520')
  for (const secret of ['2-1234', 'Room-1', 'weeps']) assert.not.match(told, secret)
  assert.match(told, '"entry":"mark"')
})

test('with its quotes and line ends it fits the message that carries it', () => {
  const lines = new LogLines()
  for (let number = 0; number < 400; number++) lines.push(line({ msg: '"'.repeat(300), more: '\\"ж'.repeat(100) }))
  const bytes = 44 << 10
  const data = lines.latest(bytes)
  assert.ok(data.length > 0)
  assert.ok(Buffer.byteLength(JSON.stringify(data)) <= bytes + 2)
  assert.ok(bytes + 2_000 < TOPICS.result.maxBytes)
})

test.run()
