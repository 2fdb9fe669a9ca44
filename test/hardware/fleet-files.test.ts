/** What IT copies speaks of topics, fields and numbers that there are. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emptyRoster } from '../../controller/core/roster/room.ts'
import { metricsText } from '../../controller/hub/metrics-text.ts'
import { parseTopic, TOPIC_NAMES, TOPICS, TREE } from '../../controller/wire/fleet/topics.ts'
import { schemaOf } from '../../scripts/lib/reference/fleet/schemas.ts'
import type { JsonSchema } from '../../scripts/lib/reference/json-schema.ts'

const read = (file: string): string => readFileSync(`hardware/fleet/${file}`, 'utf8')

const topicsIn = (text: string): string[] => [...text.matchAll(/verbatim\/v1\/[^'"\s]*/g)].map(([topic]) => topic)

/** `verbatim/v1/+/+/up/state` names the topic `up/state`. */
const isFilterOfOurs = (filter: string): boolean =>
  TOPIC_NAMES.some((name) => filter === `${TREE}/+/+/${TOPICS[name].path}`) || /^verbatim\/v1\/[a-z-]+\/#$/.test(filter)

test('every topic in every file and command is one of the table', () => {
  for (const file of ['README.md', 'telegraf/verbatim.conf', 'node-red/flow.json']) {
    const topics = topicsIn(read(file))
    assert.ok(topics.length > 2, file)
    for (const topic of topics) assert.ok(isFilterOfOurs(topic) || parseTopic(topic), `${file}: ${topic}`)
  }
})

test('Telegraf takes fields that the messages have', () => {
  const inputs = read('telegraf/verbatim.conf').split('[[inputs.mqtt_consumer]]').slice(1)
  assert.is(inputs.length, 4)
  for (const input of inputs) {
    const [filter] = topicsIn(input)
    const name = TOPIC_NAMES.find((name) => filter === `${TREE}/+/+/${TOPICS[name].path}`)!
    const fields: Record<string, JsonSchema> = schemaOf(TOPICS[name].schema).properties ?? {}
    const named = [...input.matchAll(/^ *(?:json_string_fields|tag_keys|json_time_key) = (.*)$/gm)]
    const asked = named.flatMap(([, list]) => [...list!.matchAll(/"([^"]+)"/g)].map(([, field]) => field!))
    for (const field of asked) assert.ok(fields[field.replace(/_\*$/, '')], `${name}: ${field}`)
    for (const field of asked.filter((field) => field.endsWith('_*')))
      assert.ok(['object', 'array'].includes(String(fields[field.slice(0, -2)]!.type)), `${name}: ${field} is flat`)
  }
})

test('Prometheus, Grafana and Zabbix ask for numbers that the hub tells', () => {
  const figures = { messages: 0, malformed: 0, strangers: 0, eventsKept: 0, eventsMissing: 0, rssBytes: 0 }
  const text = metricsText(emptyRoster(), { ...figures, storeWorks: true, linkWorks: true })
  const told = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  for (const file of [
    'prometheus/alerts.yml',
    'prometheus/alerts.test.yml',
    'grafana/fleet.json',
    'zabbix/template.yaml',
  ]) {
    const asked = [...read(file).matchAll(/\bverbatim_[a-z_]+/g)].map(([name]) => name)
    assert.ok(asked.length > 3, file)
    for (const name of asked) assert.ok(told.has(name), `${file}: ${name}`)
  }
})

test('Zabbix sends the token only to a server whose certificate is good', () => {
  const [item, ...others] = read('zabbix/template.yaml').split('type: HTTP_AGENT').slice(1)
  assert.is(others.length, 0)
  assert.match(item!.split('- uuid:')[0]!, /url:[\s\S]*verify_peer: 'YES'\s+verify_host: 'YES'[\s\S]*Bearer/)
})

test('Node-RED: every wire leads to a node, and every function is a program', () => {
  const nodes = JSON.parse(read('node-red/flow.json')) as {
    id: string
    type: string
    func?: string
    wires?: string[][]
  }[]
  const ids = new Set(nodes.map(({ id }) => id))
  assert.is(ids.size, nodes.length)
  for (const { wires = [] } of nodes) for (const id of wires.flat()) assert.ok(ids.has(id), id)
  const functions = nodes.filter(({ type }) => type === 'function')
  assert.is(functions.length, 3)
  for (const { func } of functions) new Function('msg', 'flow', func!)
})

test.run()
