import { generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { rawPublicKey } from '../../controller/base/ed25519.ts'
import { logger } from '../../controller/base/log.ts'
import { reason } from '../../controller/base/reason.ts'
import type { Event, EventOf } from '../../controller/core/event.ts'
import type { Entry, EntryBody } from '../../controller/journal/entry.ts'
import type { Identity } from '../../controller/ports/identity/identity.ts'
import { Appliance, type ApplianceOptions } from '../../controller/recorder/appliance.ts'
import { sha256 } from '../builders/hash.ts'
import { makeStore } from '../builders/store.ts'
import { until } from '../stories/stage/until.ts'

interface Desk {
  dir: string
  appliance: Appliance
  ends: EventOf<'rebuild-ended'>[]
}
const test = suite<Desk>('appliance')
test.before.each((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-appliance-'))
  const stores = ['main', 'mirror'].map((name) => ({ name, path: join(dir, name) }))
  for (const { path } of stores) mkdirSync(path)
  context.dir = dir
  context.ends = []
  const report = (event: Event) => event.is === 'rebuild-ended' && context.ends.push(event)
  const software = { version: '0', sha256: '', node: '' }
  // What a rebuild needs; nothing else is asked of it here.
  const options = {
    config: { stores, seals: {} },
    log: logger('test'),
    report,
    software,
    configSha256: '',
    gstreamer: '',
  }
  context.appliance = new Appliance(options as unknown as ApplianceOptions)
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const untilEnded = async (ends: unknown[]): Promise<void> => {
  for (let i = 0; !ends.length && i < 100; i++) await sleep(50)
}

test('a newer rebuild stops the older one, and only its own end is told', async ({ dir, appliance, ends }) => {
  const rebuild = (begunMs: number, store: string, from: string) =>
    appliance.executors['rebuild-store']({ do: 'rebuild-store', store, from, begunMs, reason: reason('for the test') })
  appliance.takeUp(appliance.newJournal('open'))
  for (const store of ['main', 'mirror']) {
    mkdirSync(join(dir, store, 'open'))
    writeFileSync(join(dir, store, 'open', `${store}.mp4`), 'x')
  }
  rebuild(1, 'mirror', 'main')
  await sleep(100)
  rebuild(2, 'main', 'mirror')
  // The next look finds that the files rest.
  appliance.takeUp(appliance.newJournal('another'))
  await untilEnded(ends)
  assert.equal(
    ends.map(({ store, begunMs, ok, copiedBytes }) => ({ store, begunMs, ok, copiedBytes })),
    [{ store: 'main', begunMs: 2, ok: true, copiedBytes: 1 }],
  )
  assert.ok(existsSync(join(dir, 'main/open/mirror.mp4')))
  assert.not.ok(existsSync(join(dir, 'mirror/open/main.mp4')))
})

test('a rebuild that cannot be done tells why', async ({ dir, appliance, ends }) => {
  rmSync(join(dir, 'main'), { recursive: true })
  const why = reason('for the test')
  appliance.executors['rebuild-store']({ do: 'rebuild-store', store: 'main', from: 'mirror', begunMs: 7, reason: why })
  await untilEnded(ends)
  assert.equal([ends[0]?.begunMs, ends[0]?.ok], [7, false])
  assert.match(ends[0]?.reason.engineer ?? '', 'ENOENT')
})

const { privateKey, publicKey } = generateKeyPairSync('ed25519')

/** An appliance with two stores and a key; `ended` resolves once it says that the hearing is finished. */
const signingAppliance = (dir: string, signs: (bytes: Uint8Array) => Promise<Uint8Array>) => {
  const stores = ['main', 'mirror'].map((name) => ({ name, path: join(dir, name) }))
  for (const { path } of stores) makeStore(path)
  const told: Event[] = []
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const raw = rawPublicKey(publicKey)
  const entry = { device: 'Court, Room', key: sha256(raw), publicKey: raw.toString('base64'), certificates: [] }
  const options = {
    config: { stores, room: 'Room', seals: {}, stateDir: join(dir, 'state') },
    log: logger('test'),
    report: (event: Event) => {
      told.push(event)
      if (event.is === 'hearing-finished') end()
    },
    register: { upsert: async () => {} },
    software: { version: '0', sha256: 'ab', node: '20' },
    configSha256: 'cd',
    gstreamer: '1',
    identity: { signer: { publicKey: raw, sign: signs }, entry } as unknown as Identity,
  }
  return { appliance: new Appliance(options as unknown as ApplianceOptions), told, ended }
}

const WHY = reason('for the test')
const stamp = { atMs: 1, utcMs: 1_800_000_000_000, reason: WHY }
const zero = { court: 'C', room: 'R', case: '1', zeroMonoMs: 0, boot: 'b', tracks: [] }
const hearing = { hearing: 'h', case: '1', openedUtcMs: stamp.utcMs, sealed: false, reason: WHY }

const PORTION = { tracks: [], fromMs: 0, toMs: 1 }

/** A hearing of no length, from its first line to its last. */
const holdHearing = ({ executors }: Appliance): void => {
  const journal = (body: EntryBody) => executors.journal({ do: 'journal', body, ...stamp })
  executors['open-hearing']({ do: 'open-hearing', ...hearing, stores: ['main', 'mirror'] })
  journal({ kind: 'hearing-opened', id: 'h', ...zero, reason: WHY })
  journal({ kind: 'checkpoint', tracks: {} })
  journal({ kind: 'hearing-closed', mediaMs: 0, reason: WHY })
  executors['finish-hearing']({ do: 'finish-hearing', ...hearing })
}

const kindsIn = (dir: string): string[] =>
  readFileSync(join(dir, 'mirror/h/journal.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as Entry).kind)

test('a journal says who signs before it is signed, and its last signature comes after its closing', async ({
  dir,
}) => {
  const { appliance, ended } = signingAppliance(join(dir, 'signed'), async (bytes) => sign(null, bytes, privateKey))
  holdHearing(appliance)
  await ended
  const introduced = ['hearing-opened', 'software', 'configuration', 'device']
  assert.equal(kindsIn(join(dir, 'signed')), [...introduced, 'checkpoint', 'hearing-closed', 'signature', 'signature'])
})

test('a seal that is put on a closed hearing is signed by whoever puts it on', async ({ dir }) => {
  const at = join(dir, 'sealed')
  const { appliance, told, ended } = signingAppliance(at, async (bytes) => sign(null, bytes, privateKey))
  holdHearing(appliance)
  await ended
  appliance.executors['seal-closed']({
    do: 'seal-closed',
    ...{ hearing: 'h', portion: PORTION, by: 'Judge', request: 1 },
    ...stamp,
  })
  for (let i = 0; i < 100 && !told.some(({ is }) => is === 'closed-sealed'); i++) await sleep(20)
  assert.ok(told.some((event) => event.is === 'closed-sealed' && event.ok))
  assert.equal(kindsIn(at).slice(-4), ['signature', 'device', 'seal', 'signature'])
})

/** How many closed hearings the core knows to end unsigned. */
const unsignedIn = (told: Event[]): number | undefined =>
  told.findLast((event): event is EventOf<'ends-unsigned'> => event.is === 'ends-unsigned')?.count

/** The verifier's own verdict on whether the key speaks for the last line. */
const endIsSigned = (dir: string): boolean => {
  const lines = readFileSync(join(dir, 'mirror/h/journal.ndjson'), 'utf8').trimEnd().split('\n')
  const last = JSON.parse(lines.at(-1)!) as Entry
  const before = JSON.parse(lines.at(-2)!) as Entry
  return last.kind === 'signature' && last.upto === before.n && last.head === sha256(Buffer.from(lines.at(-2)!))
}

test('a seal that the key did not sign is signed once it signs again', async ({ dir }) => {
  const at = join(dir, 'late')
  let isAway = false
  const { appliance, told, ended } = signingAppliance(at, async (bytes) => {
    if (isAway) throw new Error('CKR_DEVICE_REMOVED')
    return sign(null, bytes, privateKey)
  })
  holdHearing(appliance)
  await ended
  isAway = true
  appliance.executors['seal-closed']({
    do: 'seal-closed',
    ...{ hearing: 'h', portion: PORTION, by: 'Judge', request: 1 },
    ...stamp,
  })
  await until('the seal', 10, () => told.some(({ is }) => is === 'closed-sealed'))
  assert.is(kindsIn(at).at(-1), 'seal')
  assert.is(unsignedIn(told), 1)
  const before = kindsIn(at)
  const tryAgain = async () => {
    const count = told.length
    appliance.executors['sign-closed']({ do: 'sign-closed', reason: WHY })
    await until('an attempt', 10, () => told.slice(count).some(({ is }) => is === 'ends-unsigned'))
  }
  await tryAgain()
  assert.equal(kindsIn(at), before, 'a key that is away leaves no line')
  isAway = false
  await tryAgain()
  assert.is(unsignedIn(told), 0)
  assert.ok(endIsSigned(at))
  assert.equal(kindsIn(at).slice(before.length - 1), ['seal', 'device', 'signature'])
})

test('a hearing whose end nobody signed is signed by the recorder that is started next', async ({ dir }) => {
  const at = join(dir, 'next')
  const first = signingAppliance(at, async () => Promise.reject(new Error('CKR_DEVICE_REMOVED')))
  holdHearing(first.appliance)
  await first.ended
  assert.is(kindsIn(at).at(-1), 'hearing-closed')
  const next = signingAppliance(at, async (bytes) => sign(null, bytes, privateKey))
  next.appliance.remember()
  await until('what is owed', 10, () => unsignedIn(next.told) === 1)
  next.appliance.executors['sign-closed']({ do: 'sign-closed', reason: WHY })
  await until('nothing is owed', 10, () => unsignedIn(next.told) === 0)
  assert.ok(endIsSigned(at))
})

test('a key that hangs holds the end of a hearing up for a few seconds, and no longer', async ({ dir }) => {
  const { appliance, told, ended } = signingAppliance(join(dir, 'hung'), () => new Promise(() => {}))
  holdHearing(appliance)
  await ended
  // The key has not been given up yet: its end was not what was waited for.
  const failures = told.flatMap((event) => (event.is === 'signing-failed' ? [event.reason.engineer] : []))
  assert.equal(failures, ['the end of h was not signed within 0 ms'])
  assert.is(kindsIn(join(dir, 'hung')).at(-1), 'hearing-closed')
})

test.run()
