/** The AsyncAPI document, judged by the parser that other tools use. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Parser as ParserType } from '@asyncapi/parser'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isUp, TOPIC_NAMES, TOPICS } from '../../../controller/wire/fleet/topics.ts'

/** The package's ES modules cannot be imported by Node. */
const { Parser } = createRequire(import.meta.url)('@asyncapi/parser') as { Parser: typeof ParserType }

const text = readFileSync('controller/wire/fleet/asyncapi.json', 'utf8')
const WARNING = 1
const parser = new Parser()

const errorsOf = async (text: string): Promise<string[]> => {
  const { diagnostics } = await parser.parse(text)
  return diagnostics.filter(({ severity }) => severity <= WARNING).map(({ code, path }) => `${code} ${path.join('.')}`)
}

/** The document with one thing changed. */
const broken = (change: (document: Record<string, unknown>) => void): string => {
  const document = JSON.parse(text)
  change(document)
  return JSON.stringify(document)
}

test('the document has no error and no warning, and every topic of the table', async () => {
  const { document, diagnostics } = await parser.parse(text)
  assert.equal(
    diagnostics.filter(({ severity }) => severity <= WARNING),
    [],
  )
  const operations = document!.operations().all()
  assert.is(operations.length, TOPIC_NAMES.length)
  for (const operation of operations) {
    const name = operation.id() as (typeof TOPIC_NAMES)[number]
    const { qos, retain } = operation.bindings().get('mqtt')!.json() as { qos: number; retain: boolean }
    assert.equal({ qos, retain }, { qos: TOPICS[name].qos, retain: TOPICS[name].retain })
    assert.is(operation.action(), isUp(name) ? 'send' : 'receive')
    const address = operation.channels().all()[0]!.address()!
    assert.is(address.replaceAll(/\{[a-z]+\}/g, '+'), `verbatim/v1/+/+/${TOPICS[name].path}`)
  }
})

test('a reference that leads nowhere is an error', async () => {
  const errors = await errorsOf(
    broken(({ operations }) => {
      ;(operations as Record<string, { channel: unknown }>).state!.channel = { $ref: '#/channels/nothing' }
    }),
  )
  assert.ok(
    errors.some((error) => error.includes('operations.state')),
    errors.join('\n'),
  )
})

test('a schema that is none is an error', async () => {
  const errors = await errorsOf(
    broken(({ components }) => {
      const { schemas } = components as { schemas: Record<string, { type: string }> }
      schemas.state!.type = 'strang'
    }),
  )
  assert.ok(
    errors.some((error) => error.includes('type')),
    errors.join('\n'),
  )
})

test('an address with a level that nobody explains is an error', async () => {
  const errors = await errorsOf(
    broken(({ channels }) => {
      ;(channels as Record<string, { parameters: Record<string, unknown> }>).alarm!.parameters = {}
    }),
  )
  assert.ok(errors.length > 0)
})

test.run()
