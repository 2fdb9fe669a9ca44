import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EntryBody } from '../../controller/journal/entry.ts'
import { JournalFault } from '../../controller/journal/fault.ts'
import { FIRST_PREV, formatLine, parseLine } from '../../controller/journal/line.ts'

const stamp = { utc: '2026-11-23T09:00:00.000Z', monoMs: 1234.5 }
const mark: EntryBody = { kind: 'mark', mediaMs: 1_000, note: 'строка\nещё', by: 'clerk' }
const parse = (text: string) => parseLine(Buffer.from(text))
const code = (text: string): string => {
  try {
    parse(text)
    return 'none'
  } catch (thrown) {
    return thrown instanceof JournalFault ? thrown.code : `threw ${thrown}`
  }
}

test('the bytes of a line are fixed', () => {
  assert.is(
    formatLine(7, FIRST_PREV, stamp, mark),
    `{"v":1,"n":7,"utc":"2026-11-23T09:00:00.000Z","monoMs":1234.5,"kind":"mark","mediaMs":1000,"note":"строка\\nещё","by":"clerk","prev":"${FIRST_PREV}"}`,
  )
})

test('kind stands before the fields also when the body names it last', () => {
  const line = formatLine(0, FIRST_PREV, stamp, { sha256: 'ab', kind: 'configuration' })
  assert.match(line, '"kind":"configuration","sha256":"ab","prev"')
})

test('a line read is the line written', () => {
  const entry = parse(formatLine(7, FIRST_PREV, stamp, mark))
  assert.equal(entry, { v: 1, n: 7, ...stamp, ...mark, prev: FIRST_PREV })
})

test('an infinite level does not stop the journal', () => {
  const levels: EntryBody = {
    kind: 'levels',
    levels: [{ track: 'judge', rmsDbfs: Number.NEGATIVE_INFINITY, peakDbfs: -90, voice: 0 }],
  }
  assert.is(code(formatLine(0, FIRST_PREV, stamp, levels)), 'none')
})

const good = formatLine(0, FIRST_PREV, stamp, mark)
const fragment = {
  track: 'judge',
  run: 1,
  seq: 1,
  file: 'judge/a.mp4',
  offset: 0,
  bytes: 9,
  sha256: FIRST_PREV,
  mediaMs: 0,
  durationMs: 480,
  samples: 24,
  codec: 'opus',
  stores: ['main'],
}
const withFragment = (change: object) =>
  formatLine(0, FIRST_PREV, stamp, { kind: 'fragments', fragments: [{ ...fragment, ...change }] })

const CASES: [string, string, string][] = [
  ['nothing', '', 'malformed'],
  ['not JSON', '{"v":1', 'malformed'],
  ['an array', '[1]', 'malformed'],
  ['null', 'null', 'malformed'],
  ['white space', good.replace('"n":0', '"n": 0'), 'malformed'],
  ['a field twice', good.replace('"by"', '"note":"x","by"'), 'malformed'],
  ['another spelling of a number', good.replace('1234.5', '1234.50'), 'malformed'],
  ['another spelling of a letter', good.replace('"clerk"', '"\\u0063lerk"'), 'malformed'],
  ['prev not last', good.replace('"by":"clerk",', '').replace(/}$/, ',"by":"clerk"}'), 'malformed'],
  ['a byte order mark', `\uFEFF${good}`, 'malformed'],
  ['version 2', good.replace('"v":1', '"v":2'), 'version'],
  ['no version', '{"a":1}', 'version'],
  ['a broken number', good.replace('"n":0', '"n":0.5'), 'field'],
  ['a local time', good.replace('.000Z', '+05:00'), 'field'],
  ['a short hash', good.replace(FIRST_PREV, '00'), 'field'],
  ['a field missing', good.replace(',"by":"clerk"', ''), 'field'],
  ['a fragment of no bytes', withFragment({ bytes: 0 }), 'field'],
  ['a file above the folder', withFragment({ file: '../x' }), 'field'],
  ['a file of the system', withFragment({ file: '/etc/passwd' }), 'field'],
  ['a file up in the middle', withFragment({ file: 'judge/../../x' }), 'field'],
  ['a hidden file', withFragment({ file: 'judge/.x' }), 'field'],
  ['a fragment without end', withFragment({ durationMs: Number.NaN }), 'field'],
  ['an unknown kind', good.replace('"kind":"mark"', '"kind":"later"'), 'none'],
  ['an unknown field', good.replace('"by"', '"later":[1],"by"'), 'none'],
  ['a kind named like a method', good.replace('"kind":"mark"', '"kind":"toString"'), 'none'],
  ['a good fragment', withFragment({}), 'none'],
]
for (const [name, text, expected] of CASES) test(`${name}: ${expected}`, () => assert.is(code(text), expected))

test('bytes that are not UTF-8 are malformed', () => {
  const bytes = Buffer.from(good)
  bytes[bytes.indexOf('clerk')] = 0xff
  assert.throws(
    () => parseLine(bytes),
    (thrown: unknown) => thrown instanceof JournalFault && thrown.code === 'malformed',
  )
})

test('deep nesting is malformed, not a crash', () => {
  assert.is(code(`${'['.repeat(500_000)}${']'.repeat(500_000)}`), 'malformed')
  assert.is(code(`${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`), 'malformed')
})

test.run()
