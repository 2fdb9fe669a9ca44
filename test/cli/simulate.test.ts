// deadline: 120 s
/** Simulated rooms become part of a fleet as real ones do: real codes, console, certificates, broker; no hub behind it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EnrolmentDesk } from '../../controller/ports/authority/enrolment-desk.ts'
import { ExpectedCodes } from '../../controller/ports/authority/expected-codes.ts'
import type { Enrol } from '../../controller/wire/console.ts'
import type { Proven } from '../../controller/wire/fleet/enrolment.ts'
import { type MessageOf, parseTopic, TOPICS, topicOf } from '../../controller/wire/fleet/topics.ts'
import { FakeBackend } from '../builders/fake-backend.ts'
import { FleetBroker } from '../builders/fleet-broker.ts'
import { PASSWORD, startFleetConsole } from '../builders/fleet-console.ts'

const test = suite('verbatim simulate')
const ROOMS = 4

const start = (...words: string[]) => {
  const child = spawn(process.execPath, ['dist/verbatim.js', 'simulate', ...words])
  const said = { text: '' }
  child.stderr.on('data', (text) => {
    said.text += text
  })
  return { child, exit: once(child, 'exit'), said }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50))
}

test('rooms are enrolled once, connect as themselves, tell what happens in them, and leave in order', async () => {
  const fleet = await FleetBroker.start()
  const expected = await ExpectedCodes.open(fleet.home)
  const told = () => ({
    operatorKey: Buffer.alloc(32).toString('base64'),
    ...{ witness: null, mqtt: `mqtts://127.0.0.1:${fleet.broker.port}` },
  })
  const desk = new EnrolmentDesk({
    authority: fleet.authority,
    register: fleet.register,
    expected,
    told,
    sign: () => '',
  })
  const backend = new FakeBackend(0)
  Object.assign(backend, {
    ask: (proven: Proven) => desk.ask(proven),
    enrolBatch: ({ rooms }: { rooms: Enrol[] }) => expected.add(rooms),
  })
  const console = await startFleetConsole(backend)
  const listener = await connectAsync(`mqtts://127.0.0.1:${fleet.broker.port}`, {
    ...{ ...(await fleet.authority.issueReader('test')), clientId: 'reader-test', servername: 'localhost' },
    protocolVersion: 4,
  })
  try {
    const births = new Set<string>()
    const states = new Set<string>()
    const last = new Map<string, MessageOf<'presence'>['state']>()
    const events = new Map<string, number[]>()
    listener.on('message', (topic, payload) => {
      const parsed = parseTopic(topic)
      if (!parsed || !payload.length) return
      const { name, device } = parsed
      const message = TOPICS[name].schema.parse(JSON.parse(payload.toString()))
      if (name === 'birth') births.add(device)
      if (name === 'state') states.add(device)
      if (name === 'presence') last.set(device, (message as MessageOf<'presence'>).state)
      if (name === 'event') events.set(device, [...(events.get(device) ?? []), (message as MessageOf<'event'>).seq])
    })
    await listener.subscribeAsync('verbatim/v1/#', { qos: 1 })
    const password = join(fleet.home, 'password')
    writeFileSync(password, `${PASSWORD}\n`)
    const words = ['--devices', `${ROOMS}`, '--hub', console.url, '--home', join(fleet.home, 'rooms'), '--at', '10:30']
    for (const first of [true, false]) {
      births.clear()
      states.clear()
      last.clear()
      // The second time nobody is asked: what they were given lies in their folders.
      const person = first ? ['--user', 'administrator', '--password-file', password] : []
      const { child, exit, said } = start(...words, ...person)
      const ended = exit.then(() => assert.unreachable(said.text))
      const all = (async () => {
        await until(() => births.size === ROOMS && states.size === ROOMS && events.size === ROOMS)
      })()
      await Promise.race([all, ended])
      child.kill('SIGTERM')
      assert.equal(await exit, [0, null], said.text)
      await until(() => [...last.values()].every((state) => state === 'disconnected'))
      assert.is(last.size, ROOMS)
    }
    const registered = [...fleet.register.devices()]
    assert.equal(registered.map(({ device }) => device).sort(), [...births].sort())
    for (const { device, court } of registered) {
      assert.ok(topicOf(court, device, 'birth').startsWith(`verbatim/v1/${court}/`))
      assert.is(events.get(device)![0], 1)
    }
    assert.is(expected.count, 0)
    // Who leaves may leave an answer of the broker unread; nobody overstepped.
    assert.equal(
      fleet.faults.filter(({ code }) => code !== 'broken'),
      [],
    )
  } finally {
    await listener.endAsync(true)
    await console.stop()
    await fleet.stop()
  }
})

test('a command line that is wrong says so', async () => {
  for (const [words, sentence] of [
    [['--devices', '5', '--hub', 'https://localhost:1'], '--home DIR is missing.'],
    [['--devices', '0', '--hub', 'https://localhost:1', '--home', '/tmp/x'], '--devices wants a number'],
    [['--devices', '1', '--hub', 'https://localhost:1', '--home', '/tmp/x', '--at', '25:00'], '--at wants HH:MM'],
    [['--devices', '1', '--hub', 'https://localhost:1', '--home', '/tmp/x', '--user', 'a'], 'belong together'],
  ] as const) {
    const { exit, said } = start(...words)
    assert.equal(await exit, [64, null])
    assert.ok(said.text.includes(sentence), said.text)
  }
})

test.run()
