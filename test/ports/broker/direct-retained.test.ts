import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Aedes } from 'aedes'
import fc from 'fast-check'
import { connectAsync, type MqttClient } from 'mqtt'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { findRetainedDirectly, topicMatches } from '../../../controller/ports/broker/direct-retained.ts'

const test = suite('retained messages, found directly')

const start = async (direct: boolean) => {
  const broker = await Aedes.createBroker()
  if (direct) findRetainedDirectly(broker)
  const server = createServer(broker.handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: MqttClient[] = []
  return {
    connect: async () => {
      const client = await connectAsync(url, { reconnectPeriod: 0 })
      clients.push(client)
      return client
    },
    end: async () => {
      for (const client of clients) await client.endAsync(true)
      await new Promise<void>((done) => broker.close(() => done()))
      server.close()
    },
  }
}

/** Retained, and asked for last: once it has come, everything else has. */
const LAST = 'zz'

/** About as deep as those of the fleet, which lie together by their first five levels. */
const DEEP = ['1/2/3/4', '1/2/3/4/5', '1/2/3/4/5/6', '1/2/3/4/5/7/8', '1/2/3/4/6/6', '1/3/3/4/5/6']

/** Topic and text of everything retained that a new subscriber is sent. */
const retainedFor = async (client: MqttClient, patterns: string[]): Promise<string[]> => {
  const heard: string[] = []
  let awaited = 1 + patterns.filter((pattern) => topicMatches(pattern, LAST)).length
  const over = new Promise<void>((done) => {
    client.on('message', (topic, payload) => {
      if (topic !== LAST) heard.push(`${topic} ${payload}`)
      else if (--awaited === 0) done()
    })
  })
  await client.subscribeAsync([...patterns, LAST], { qos: 1 })
  await over
  client.removeAllListeners('message')
  await client.unsubscribeAsync([...patterns, LAST])
  return heard.sort()
}

test('the same as aedes finds by comparing all, for topics and patterns of every kind', async () => {
  const [plain, direct] = [await start(false), await start(true)]
  try {
    const answers = []
    for (const { connect } of [plain, direct]) {
      const speaker = await connect()
      for (const topic of [LAST, 'a', 'a/b', 'a/b/c', 'a/c', 'b', 'b/b/c', ...DEEP])
        await speaker.publishAsync(topic, `of ${topic}`, { qos: 1, retain: true })
      await speaker.publishAsync('a/b', 'later', { qos: 1, retain: true })
      await speaker.publishAsync('b', '', { qos: 1, retain: true })
      const listener = await connect()
      const of = []
      for (const patterns of [
        ['a/b'],
        ['a/b', 'b', 'none'],
        ['#'],
        ['+'],
        ['a/#'],
        ['+/b/#'],
        ['a/+'],
        ['a/+/c'],
        ['+/+/c'],
        ['1/2/3/4/#'],
        ['1/2/3/4/5/#'],
        ['1/2/3/4/5/6'],
        ['1/2/3/4/5/+', '1/2/3/4/5'],
        ['1/+/3/4/5/#'],
      ])
        of.push(await retainedFor(listener, patterns))
      answers.push(of)
    }
    assert.equal(answers[1], answers[0])
    assert.equal(answers[1]![0], ['a/b later'])
  } finally {
    await plain.end()
    await direct.end()
  }
})

test('a pattern that spells a topic level by level, some of them as wildcards, matches it', () => {
  const level = fc.stringMatching(/^[a-z0-9]{0,4}$/)
  fc.assert(
    fc.property(
      fc.array(level, { minLength: 1, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 6 }),
      (levels, wild) => {
        const topic = levels.join('/')
        assert.ok(topicMatches(levels.map((one, i) => (wild[i] ? '+' : one)).join('/'), topic))
        assert.ok(topicMatches([...levels.slice(0, 2), '#'].join('/'), topic))
        assert.not.ok(topicMatches(`${topic}/more`, topic))
        assert.not.ok(topicMatches([...levels, '+'].join('/'), topic))
      },
    ),
  )
  // An empty level is one too; aedes alone thinks otherwise.
  assert.ok(topicMatches('a/+', 'a/'))
  assert.not.ok(topicMatches('#', '$SYS/uptime'))
  assert.not.ok(topicMatches('+/uptime', '$SYS/uptime'))
  assert.ok(topicMatches('$SYS/#', '$SYS/uptime'))
})

test.run()
