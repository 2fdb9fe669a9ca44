import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { logger } from '../../controller/base/log.ts'
import { now } from '../../controller/base/monotonic.ts'
import { utcText } from '../../controller/base/units.ts'
import type { Entry, EntryBody, SignedPlace } from '../../controller/journal/entry.ts'
import { signaturePayload } from '../../controller/journal/payload.ts'
import { HearingJournal } from '../../controller/ports/journal/hearing-journal.ts'
import { type RunningWitness, startWitness } from '../../controller/ports/witness-book/witness-server.ts'
import { Attest } from '../../controller/recorder/attest.ts'
import { type HttpServer, serveHttp } from '../builders/http-server.ts'
import { readAll } from '../builders/journal.ts'
import { headOf, MOMENT, makeKey } from '../builders/signed.ts'
import { makeStore } from '../builders/store.ts'
import { makeTimeStamper } from '../builders/time-stamper.ts'
import { until } from '../stories/stage/until.ts'

interface Room {
  dir: string
  stores: { name: string; path: string }[]
  witness: RunningWitness
  authority: HttpServer
  attests: Attest[]
  /** Lines for a closed journal. */
  late: [string, EntryBody][]
}
const test = suite<Room>('attest')
const log = logger('test')
log.level = 'silent'
const device = makeKey()
const nobody = () => {
  throw new Error('nothing is signed')
}
const HEARING = '2026-11-24_090000_room-3_no-case'

test.before.each(async (room) => {
  room.dir = mkdtempSync(join(tmpdir(), 'verbatim-attest-'))
  room.stores = ['main', 'mirror'].map((name) => ({ name, path: makeStore(join(room.dir, name)) }))
  mkdirSync(join(room.dir, 'state'))
  room.witness = await startWitness({ home: join(room.dir, 'witness'), port: 0, log })
  const { reply } = makeTimeStamper(room.dir)
  room.authority = await serveHttp((query, response) =>
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply(query)),
  )
  room.attests = []
  room.late = []
})
test.after.each(async ({ dir, witness, authority, attests }) => {
  for (const attest of attests) await attest.stop()
  await witness.stop()
  await authority.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** A journal on both stores, whose checkpoints are signed and told of as the recorder will do it. */
const openHearing = async (room: Room, { stamps = true } = {}) => {
  const { dir, stores, witness, authority } = room
  const journal = new HearingJournal({ hearing: HEARING, onStored: () => {}, onFailure: () => {} })
  const attest = await Attest.open({
    config: {
      ...{ stateDir: join(dir, 'state'), stores, witness: { url: witness.url, trust: witness.key } },
      timestamps: stamps ? { url: authority.url, everyMinutes: 60 } : undefined,
    },
    log,
    device: () => ({ key: device.id, publicKey: device.publicKey, certificates: [] }),
    append: (hearing, body) => {
      assert.is(hearing, HEARING)
      journal.append(now(), body)
    },
    addLate: async (hearing, body) => {
      room.late.push([hearing, body])
    },
  })
  room.attests.push(attest)
  for (const store of stores) journal.join(store)
  attest.start()
  attest.opened(HEARING)
  const sign = async (): Promise<SignedPlace> => {
    journal.append(now(), { kind: 'checkpoint', tracks: {} })
    const place = await lastPlace(room, journal)
    const stamp = now()
    const moment = { ...place, utc: utcText(stamp.utcMs), monoMs: stamp.atMs }
    const signature = device.sign(signaturePayload(HEARING, moment))
    journal.append(stamp, { kind: 'signature', key: device.id, signature, ...place })
    attest.place({ hearing: HEARING, key: device.id, signature, ...moment }, () => journal.durable())
    return place
  }
  return { journal, attest, sign }
}

const entriesOf = ({ dir }: Room, store = 'main'): Entry[] =>
  readAll(readFileSync(join(dir, store, HEARING, 'journal.ndjson'))).entries

const lastPlace = async (room: Room, journal: HearingJournal): Promise<SignedPlace> => {
  await journal.settle()
  const { reader } = readAll(readFileSync(join(room.dir, 'main', HEARING, 'journal.ndjson')))
  return { upto: reader.place.n - 1, head: reader.place.prev }
}

const kinds = (room: Room, store = 'main') => entriesOf(room, store).map(({ kind }) => kind)

test('receipts and stamps of an open hearing stand in its journal, the closing ones too', async (room) => {
  const { journal, attest, sign } = await openHearing(room)
  const first = await sign()
  const both = () => kinds(room).includes('receipt') && kinds(room).includes('timestamp')
  await until('a receipt and a stamp', 10, both)
  const last = await sign()
  const began = performance.now()
  await attest.closed(HEARING, 10_000)
  assert.ok(performance.now() - began < 5_000)
  await journal.close()
  const entries = entriesOf(room)
  for (const kind of ['receipt', 'timestamp']) {
    const told = entries.filter((entry) => entry.kind === kind) as unknown as SignedPlace[]
    assert.equal(
      told.map(({ upto, head }) => ({ upto, head })),
      [first, last],
      kind,
    )
  }
  assert.equal(entriesOf(room, 'mirror'), entries)
  assert.not(readdirSync(join(room.dir, 'main', HEARING)).includes('receipts.ndjson'))
})

test('a closing stamp that is late is told as late, once the authority is back', async (room) => {
  const port = Number(new URL(room.authority.url).port)
  await room.authority.stop()
  const { journal, attest, sign } = await openHearing(room)
  const last = await sign()
  await attest.closed(HEARING, 200)
  await journal.close()
  const { reply } = makeTimeStamper(room.dir)
  room.authority = await serveHttp(
    (query, response) => response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply(query)),
    port,
  )
  await until('the stamp', 30, () => room.late.length === 1)
  const [[hearing, body] = []] = room.late
  assert.equal([hearing, body?.kind === 'timestamp' && [body.upto, body.head]], [HEARING, [last.upto, last.head]])
  assert.not(kinds(room).includes('timestamp'))
})

test('a closing stamp that is owed when the recorder ends is asked for by the next one, until it is added', async (room) => {
  const { dir, stores, authority } = room
  const port = Number(new URL(authority.url).port)
  await authority.stop()
  const { journal, attest, sign } = await openHearing(room)
  const last = await sign()
  await attest.closed(HEARING, 200)
  await journal.close()
  await attest.stop()

  const { reply } = makeTimeStamper(dir)
  let asked = 0
  room.authority = await serveHttp((query, response) => {
    asked++
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply(query))
  }, port)
  const added: unknown[] = []
  const nextAttest = async (canAdd: boolean) => {
    const next = await Attest.open({
      config: { stateDir: join(dir, 'state'), stores, timestamps: { url: room.authority.url, everyMinutes: 60 } },
      ...{ log, device: nobody, append: () => assert.unreachable('no journal is open') },
      addLate: async (hearing, body) => {
        if (!canAdd) throw new Error('its disk is away')
        added.push([hearing, body.kind === 'timestamp' && [body.upto, body.head]])
      },
    })
    room.attests.push(next)
    next.start()
    return next
  }
  const first = await nextAttest(false)
  await until('it is asked for', 10, () => asked === 1)
  await first.stop()
  const second = await nextAttest(true)
  await until('it is added', 10, () => added.length === 1)
  assert.equal(added, [[HEARING, [last.upto, last.head]]])
  await second.stop()
  const { data } = JSON.parse(readFileSync(join(dir, 'state/stamps-owed.json'), 'utf8')) as { data: object }
  assert.equal(data, {}, 'nothing is owed any more')
})

test('what comes after the close stands beside the journal, on both stores', async (room) => {
  const { witness } = room
  await witness.stop()
  const { journal, attest, sign } = await openHearing(room, { stamps: false })
  await sign()
  const last = await sign()
  await attest.closed(HEARING, 10_000)
  await journal.close()
  await attest.stop()
  const before = kinds(room)

  const port = Number(new URL(witness.url).port)
  room.witness = await startWitness({ home: join(room.dir, 'witness'), port, log })
  const later = await Attest.open({
    config: { ...{ stateDir: join(room.dir, 'state'), stores: room.stores }, witness: { url: witness.url } },
    log,
    device: nobody,
    append: () => assert.unreachable('no journal is open'),
    addLate: async () => assert.unreachable('nothing is late'),
  })
  room.attests.push(later)
  later.start()
  await until('nothing is owed', 10, () => readdirSync(join(room.dir, 'state/witness/owed')).length === 0)
  assert.equal(kinds(room), before)
  const [main, mirror] = room.stores.map(({ path }) => readFileSync(join(path, HEARING, 'receipts.ndjson'), 'utf8'))
  assert.is(main, mirror)
  const lines = main!
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(
    lines.map(({ upto, head }) => ({ upto, head })),
    [last],
  )
})

test('a place is shown to nobody before it is durable', async (room) => {
  const { attest, sign } = await openHearing(room, { stamps: false })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const waiting = await otherAttest(room)
  waiting.place(
    { hearing: 'held', upto: 1, head: headOf(1), key: device.id, ...MOMENT, signature: signatureOf('held', 1) },
    () => held,
  )
  waiting.place(
    { hearing: 'held', upto: 2, head: headOf(2), key: device.id, ...MOMENT, signature: signatureOf('held', 2) },
    () => held,
  )
  await sign()
  await until('the other hearing', 10, () => kinds(room).includes('receipt'))
  assert.is(await receiptsOf(room, 'held'), '')
  release()
  await until('the last place', 10, async () => (await receiptsOf(room, 'held')).includes('"upto":2'))
  await attest.closed(HEARING, 10_000)
})

const signatureOf = (hearing: string, upto: number) =>
  device.sign(signaturePayload(hearing, { upto, head: headOf(upto), ...MOMENT }))
const receiptsOf = async ({ witness }: Room, hearing: string) =>
  (await fetch(`${witness.url}receipts/${device.id}/${hearing}`)).text()

const otherAttest = async (room: Room) => {
  const attest = await Attest.open({
    config: { stateDir: join(room.dir, 'other-state'), stores: room.stores, witness: { url: room.witness.url } },
    log,
    device: () => ({ key: device.id, publicKey: device.publicKey, certificates: [] }),
    append: () => {},
    addLate: async () => {},
  })
  room.attests.push(attest)
  attest.start()
  attest.opened('held')
  return attest
}

test('without witness and authority everything is taken and nothing done', async (room) => {
  const attest = await Attest.open({
    config: { stateDir: join(room.dir, 'nothing'), stores: room.stores },
    log,
    device: () => ({ key: device.id, publicKey: device.publicKey, certificates: [] }),
    append: () => assert.unreachable('there is nothing to tell'),
    addLate: async () => assert.unreachable('there is nothing to tell'),
  })
  attest.start()
  attest.opened('h')
  attest.place(
    { hearing: 'h', upto: 1, head: headOf(1), key: device.id, ...MOMENT, signature: signatureOf('h', 1) },
    async () => {},
  )
  await attest.closed('h', 10_000)
  await attest.stop()
  assert.not(readdirSync(room.dir).includes('nothing'))
})

/** Owes a place to a witness that is not there, says so once it is on disk, and waits to be killed. */
const DEBTOR = `
  import { existsSync } from 'node:fs'
  import { logger } from './controller/base/log.ts'
  import { Attest } from './controller/recorder/attest.ts'
  const { place, device, config, file } = JSON.parse(process.env.DEBT)
  const log = logger('test')
  log.level = 'silent'
  const attest = await Attest.open({ config, log, device: () => device, append: () => {} })
  attest.start()
  attest.opened(place.hearing)
  attest.place(place, async () => {})
  setInterval(() => existsSync(file) && console.log('owed'), 20)
`

test('killed with a place still owed: the next start shows it', async (room) => {
  const { dir, stores, witness } = room
  const port = Number(new URL(witness.url).port)
  await witness.stop()
  const config = { stateDir: join(dir, 'state'), stores, witness: { url: witness.url } }
  const place = {
    hearing: 'killed',
    upto: 9,
    head: headOf(9),
    key: device.id,
    ...MOMENT,
    signature: signatureOf('killed', 9),
  }
  const debt = {
    ...{ place, config, device: { key: device.id, publicKey: device.publicKey, certificates: [] } },
    file: join(dir, 'state/witness/owed/killed.json'),
  }
  const debtor = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', DEBTOR], {
    env: { ...process.env, DEBT: JSON.stringify(debt) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(debtor.stdout, 'data')
  debtor.kill('SIGKILL')
  await once(debtor, 'exit')

  room.witness = await startWitness({ home: join(dir, 'witness'), port, log })
  for (const { path } of stores) mkdirSync(join(path, 'killed'))
  const journal = new HearingJournal({ hearing: 'killed', onStored: () => {}, onFailure: () => {} })
  for (const store of stores) journal.join(store)
  journal.append(now(), { kind: 'configuration', sha256: headOf(0) })
  await journal.close()
  const next = await Attest.open({
    ...{ config, log, device: nobody },
    append: () => assert.unreachable('no journal is open'),
    addLate: async () => assert.unreachable('nothing is late'),
  })
  room.attests.push(next)
  next.start()
  await until('a receipt', 10, async () => (await receiptsOf(room, 'killed')).includes('"upto":9'))
  await until('it is kept', 10, () => readdirSync(join(stores[1]!.path, 'killed')).includes('receipts.ndjson'))
  await sleep(50)
  assert.is(readFileSync(join(stores[0]!.path, 'killed/receipts.ndjson'), 'utf8'), await receiptsOf(room, 'killed'))
})

test.run()
