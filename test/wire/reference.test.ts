import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ERROR_CODES } from '../../controller/base/error.ts'
import { parseConfig, tracksOf } from '../../controller/wire/config.ts'
import { parseHubConfig } from '../../controller/wire/hub-config.ts'
import { generatedFiles } from '../../scripts/lib/reference/files.ts'
import { between, table } from '../../scripts/lib/reference/table.ts'

const read = (path: string): string => readFileSync(path, 'utf8')

for (const { path, text } of generatedFiles())
  test(`${path} is what \`npm run reference\` makes`, () => assert.is(read(path), text))

test('the example is a whole courtroom, and valid', () => {
  const config = parseConfig(JSON.parse(read('controller/wire/config.example.json')))
  const tracks = config.sources.flatMap(tracksOf)
  assert.is(tracks.filter(({ media }) => media === 'video').length, 4)
  assert.is(tracks.filter(({ media }) => media === 'audio').length, 6)
  assert.is(config.stores.length, 2)
})

test('every configuration in the README is valid', () => {
  const examples = [...read('README.md').matchAll(/^```json\n(.*?)^```/gms)].map(([, text]) => text!)
  assert.ok(examples.length > 0)
  for (const example of examples) parseConfig(JSON.parse(example))
  const hubs = [...read('README.md').matchAll(/^```json hub\n(.*?)^```/gms)].map(([, text]) => text!)
  assert.is(hubs.length, 1)
  for (const hub of hubs) parseHubConfig(JSON.parse(hub))
})

test('every key of the configuration, and every message, says what it is for', () => {
  const rows = read('controller/wire/REFERENCE.md')
    .split('\n')
    .filter((line) => /^\| `(?!kind|media`)/.test(line))
  const [config, messages] = [
    rows.filter((row) => row.split(' | ').length === 4),
    rows.filter((row) => !row.split(' | ')[1]?.trim()),
  ]
  assert.equal(
    config.filter((row) => !row.split(' | ')[3]?.replace('|', '').trim()),
    [],
  )
  assert.equal(messages, [])
})

test('every error code is in the table', () => {
  const text = read('controller/base/README.md').replaceAll(/ +/g, ' ')
  for (const [code, what] of Object.entries(ERROR_CODES)) assert.ok(text.includes(`| \`${code}\` | ${what} |`), code)
})

test('a table is padded, and a bar in a cell does not end it', () => {
  assert.is(
    table([
      ['a', 'b'],
      ['long one', 'x|y'],
    ]),
    '| a        | b    |\n| -------- | ---- |\n| long one | x\\|y |',
  )
})

test('marks that are missing or turned round are an error', () => {
  assert.is(between('a<!-- m -->old<!-- /m -->b', 'm', 'new'), 'a<!-- m -->\n\nnew\n\n<!-- /m -->b')
  assert.throws(() => between('nothing', 'm', 'new'), /no <!-- m -->/)
  assert.throws(() => between('<!-- /m --><!-- m -->', 'm', 'new'), /no <!-- m -->/)
})

test.run()
