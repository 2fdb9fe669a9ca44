/** What stands in FLEET.md and asyncapi.json as examples is what our own programs take. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DocketHearing } from '../../../controller/wire/fleet/docket.ts'
import { parseTopic, TOPIC_NAMES, TOPICS } from '../../../controller/wire/fleet/topics.ts'
import { parseHubConfig } from '../../../controller/wire/hub-config.ts'
import { exampleMessages } from '../../../scripts/lib/reference/fleet/examples.ts'

test('every topic has an example that its schema takes as it is, within its length', () => {
  const names = exampleMessages().map(({ name, topic, message }) => {
    assert.is(parseTopic(topic)?.name, name)
    assert.equal(TOPICS[name].schema.parse(message), message)
    assert.ok(Buffer.byteLength(JSON.stringify(message)) <= TOPICS[name].maxBytes, name)
    return name
  })
  assert.equal(names, TOPIC_NAMES)
})

test('the examples in FLEET.md are these, word for word', () => {
  const blocks = [...readFileSync('controller/wire/fleet/FLEET.md', 'utf8').matchAll(/^```\n(.*)\n(.*)\n```$/gm)]
  const said = blocks.map(([, topic, message]) => ({ topic, message: JSON.parse(message!) }))
  assert.equal(
    said,
    exampleMessages().map(({ topic, message }) => ({ topic, message })),
  )
})

test('the example of a hub is a whole region, and valid', () => {
  const config = parseHubConfig(JSON.parse(readFileSync('controller/wire/hub-config.example.json', 'utf8')))
  assert.is(config.courts.length, 2)
  assert.is(config.broker.kind, 'embedded')
})

test('a hearing that ends before it starts is on no docket', () => {
  const [early, late] = ['2026-11-24T04:00:00.000Z', '2026-11-24T05:00:00.000Z']
  assert.ok(DocketHearing.safeParse({ case: '2-1234', startsAt: early, endsAt: late }).success)
  assert.not(DocketHearing.safeParse({ case: '2-1234', startsAt: late, endsAt: early }).success)
  assert.not(DocketHearing.safeParse({ case: '2-1234', startsAt: late, endsAt: late }).success)
})

test.run()
