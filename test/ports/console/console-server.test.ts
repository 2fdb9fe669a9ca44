/** The console's server over a fake hub of ten thousand rooms: who may do what, and what strangers get. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AuditLog } from '../../../controller/ports/console/audit-log.ts'
import { type RunningConsole, startConsole } from '../../../controller/ports/console/console-server.ts'
import { Guesses } from '../../../controller/ports/console/guesses.ts'
import { People } from '../../../controller/ports/console/people.ts'
import { API, Overview, ROLES, type Role } from '../../../controller/wire/console.ts'
import { courtOf, deviceOf, FakeBackend } from '../../builders/fake-backend.ts'

interface Hub {
  home: string
  backend: FakeBackend
  server: RunningConsole
  people: People
}

const PASSWORD = 'a long enough one'
const test = suite<Hub>('console server')

const start = async (hub: Hub, rooms: number, prometheusToken: string | null = null): Promise<void> => {
  hub.backend = new FakeBackend(rooms)
  hub.people = await People.open(hub.home)
  const audit = await AuditLog.open(hub.home)
  const { backend, people } = hub
  const place = { host: '127.0.0.1', port: 0, tls: null, pageFolder: hub.home, prometheusToken }
  hub.server = await startConsole({ ...place, backend, people, audit, log: pino({ enabled: false }) })
}

const ask = (hub: Hub, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(new URL(path, hub.server.url), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'verbatim-console': '1' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** The cookie of somebody who logged in. */
const logIn = async (hub: Hub, name: string): Promise<Record<string, string>> => {
  const answer = await ask(hub, 'POST', '/api/login', { name, password: PASSWORD })
  assert.is(answer.status, 200)
  return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! }
}

/** Passwords are costly on purpose: those of the tests are made once. */
const known = mkdtempSync(join(tmpdir(), 'verbatim-console-'))
test.before(async () => {
  const people = await People.open(known)
  for (const role of ROLES) await people.put(role, PASSWORD, role)
})
test.after(() => rmSync(known, { recursive: true }))
test.before.each(async (hub) => {
  hub.home = mkdtempSync(join(tmpdir(), 'verbatim-console-'))
  copyFileSync(join(known, 'users.json'), join(hub.home, 'users.json'))
  await start(hub, 50)
})
test.after.each(async ({ home, server }) => {
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

/** A body for each address that takes one. */
const BODIES: Partial<Record<keyof typeof API, unknown>> = {
  login: { name: 'viewer', password: PASSWORD },
  alarm: { do: 'acknowledge' },
  order: { op: 'identify' },
  config: { cfg: {} },
  docket: { docket: { day: '2026-11-28', hearings: [] } },
  enrol: { code: '7K2M-9QXT-4BVD', court: 'almaty-district' },
  enrolBatch: { rooms: [{ code: '7K2M-9QXT-4BVD', court: 'almaty-district' }] },
  newUser: { name: 'x', password: PASSWORD, role: 'viewer' },
}
const pathOf = (path: string): string =>
  path
    .replace(':court', courtOf(1))
    .replace(':device', deviceOf(1))
    .replace(':id', 'DISK_FAILED.mirror')
    .replace(':metric', 'hours_left')
    .replace(':name', 'x')

test('every address asks for its role, and gives it nobody else', async (hub) => {
  const cookies = await Promise.all(ROLES.map((role) => logIn(hub, role)))
  for (const [name, { method, path, role }] of Object.entries(API)) {
    const body = BODIES[name as keyof typeof API]
    // These end the log-in that the others need.
    if (role === null || name === 'logout' || name === 'password') continue
    assert.is((await ask(hub, method, pathOf(path), body)).status, 401, `${name} without log-in`)
    for (const [i, as] of ROLES.entries()) {
      const { status } = await ask(hub, method, pathOf(path), body, cookies[i])
      const may = ROLES.indexOf(as) >= ROLES.indexOf(role)
      assert.is(may ? status < 300 : status === 403, true, `${name} as ${as}: ${status}`)
    }
  }
})

test('ten thousand rooms come at once, compressed, and as their schema says', async (hub) => {
  await hub.server.stop()
  await start(hub, 10_000)
  const answer = await ask(hub, 'GET', '/api/overview', undefined, await logIn(hub, 'viewer'))
  assert.is(answer.headers.get('content-encoding'), 'gzip')
  assert.is(Overview.parse(await answer.json()).rooms.length, 10_000)
})

test('what changes is told while it happens', async (hub) => {
  const abort = new AbortController()
  const headers = await logIn(hub, 'viewer')
  const answer = await fetch(new URL('/api/live', hub.server.url), { headers, signal: abort.signal })
  const reader = answer.body!.getReader()
  let text = ''
  while (!hub.backend.listeners.size) await new Promise((resolve) => setTimeout(resolve, 5))
  hub.backend.tell({ is: 'rooms', rooms: [hub.backend.rooms[3]!] })
  while (!text.includes(deviceOf(3))) text += Buffer.from((await reader.read()).value!).toString()
  abort.abort()
  while (hub.backend.listeners.size) await new Promise((resolve) => setTimeout(resolve, 5))
})

test('nothing is changed for a page from elsewhere, and no cookie is for scripts', async (hub) => {
  const login = await ask(hub, 'POST', '/api/login', { name: 'operator', password: PASSWORD })
  assert.match(login.headers.get('set-cookie')!, /HttpOnly; SameSite=Strict/)
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!
  const path = pathOf(API.order.path)
  const foreign = await ask(hub, 'POST', path, { op: 'identify' }, { cookie, origin: 'https://elsewhere.example' })
  assert.is(foreign.status, 403)
  const form = await fetch(new URL(path, hub.server.url), { method: 'POST', headers: { cookie } })
  assert.is(form.status, 403)
  assert.equal(hub.backend.asked, [])
})

test('whoever guesses waits longer and longer, and is told no more than that', async (hub) => {
  for (let i = 0; i < 5; i++) {
    const { status } = await ask(hub, 'POST', '/api/login', { name: 'viewer', password: `wrong ${i}` })
    assert.is(status, 401)
  }
  const right = await ask(hub, 'POST', '/api/login', { name: 'viewer', password: PASSWORD })
  assert.is(right.status, 401)
  assert.match(((await right.json()) as { text: string }).text, 'too often')
})

test('nobody has all live pages, and a closed one makes room', async (hub) => {
  const headers = await logIn(hub, 'viewer')
  const look = (as = headers) => {
    const abort = new AbortController()
    const answer = fetch(new URL('/api/live', hub.server.url), { headers: as, signal: abort.signal })
    return { answer, abort }
  }
  const pages = Array.from({ length: 20 }, () => look())
  for (const { answer } of pages) assert.is((await answer).status, 200)
  const refused = await look().answer
  assert.is(refused.status, 429)
  assert.is(((await refused.json()) as { code: string }).code, 'TOO_OFTEN')
  const other = look(await logIn(hub, 'operator'))
  assert.is((await other.answer).status, 200)
  pages[0]!.abort.abort()
  while (hub.backend.listeners.size > 20) await new Promise((resolve) => setTimeout(resolve, 5))
  pages.push(other, look())
  assert.is((await pages.at(-1)!.answer).status, 200)
  for (const { abort } of pages) abort.abort()
})

test('whoever asks for receipts without end is told to wait, and whoever is logged in is not', async (hub) => {
  const answers = await Promise.all(Array.from({ length: 60 }, () => ask(hub, 'GET', `/receipts/${'a'.repeat(64)}/h`)))
  const late = answers.filter(({ status }) => status === 429)
  assert.ok(late.length > 0 && late.length <= 40, `${late.length} of 60`)
  assert.is(((await late[0]!.json()) as { code: string }).code, 'TOO_OFTEN')
  assert.is((await ask(hub, 'GET', '/api/me', undefined, await logIn(hub, 'viewer'))).status, 200)
})

test('a new password for oneself takes the present one; other log-ins end, this one goes on', async (hub) => {
  const change = (as: Record<string, string>, password: string, newPassword: string) =>
    ask(hub, 'PUT', API.password.path, { password, newPassword }, as)
  assert.is((await change({}, PASSWORD, 'another long one')).status, 401)
  const [here, elsewhere] = [await logIn(hub, 'viewer'), await logIn(hub, 'viewer')]
  const wrong = await change(here, 'a wrong one', 'another long one')
  assert.equal([wrong.status, ((await wrong.json()) as { code: string }).code], [403, 'PASSWORD_WRONG'])
  assert.is((await change(here, PASSWORD, 'short')).status, 400)
  const changed = await change(here, PASSWORD, 'another long one')
  assert.is(changed.status, 204)
  const now = { cookie: changed.headers.get('set-cookie')!.split(';')[0]! }
  assert.equal(await (await ask(hub, 'GET', '/api/me', undefined, now)).json(), { name: 'viewer', role: 'viewer' })
  for (const old of [here, elsewhere]) assert.is((await ask(hub, 'GET', '/api/me', undefined, old)).status, 401)
  assert.is((await ask(hub, 'POST', '/api/login', { name: 'viewer', password: PASSWORD })).status, 401)
  assert.is((await ask(hub, 'POST', '/api/login', { name: 'viewer', password: 'another long one' })).status, 200)
  const audit = readFileSync(join(hub.home, 'audit.ndjson'), 'utf8')
  assert.match(audit, '"what":"password"')
  assert.match(audit, '"what":"password-failed"')
  assert.not.match(audit, /another long one|a wrong one|a long enough one/)
})

test('a present password is guessed no faster than at the door', async (hub) => {
  const viewer = await logIn(hub, 'viewer')
  for (let i = 0; i < 5; i++) {
    const body = { password: `wrong ${i}`, newPassword: 'another long one' }
    assert.is((await ask(hub, 'PUT', API.password.path, body, viewer)).status, 403)
  }
  const right = { password: PASSWORD, newPassword: 'another long one' }
  assert.is((await ask(hub, 'PUT', API.password.path, right, viewer)).status, 429)
  assert.is((await ask(hub, 'GET', '/api/me', undefined, viewer)).status, 200)
})

test('whoever has a name cannot guess at others for ever by logging in between', () => {
  let nowMs = 0
  const guesses = new Guesses(() => nowMs)
  let waited = 0
  for (let i = 0; i < 40; i++) {
    nowMs += guesses.waitMs(`victim ${i}`, 'here')
    guesses.failed(`victim ${i}`, 'here')
    waited = guesses.waitMs('own', 'here')
    nowMs += waited
    guesses.failed('own', 'here')
    guesses.succeeded('own', 'here')
  }
  assert.ok(waited > 60_000, `${waited} ms`)
})

test('a hundred guesses at once are a hundred, not one', async (hub) => {
  const guesses = Array.from({ length: 12 }, (_, i) =>
    ask(hub, 'POST', '/api/login', { name: 'viewer', password: i ? `wrong ${i}` : PASSWORD.toUpperCase() }),
  )
  const texts = await Promise.all(
    guesses.map(async (answer) => ((await (await answer).json()) as { text: string }).text),
  )
  assert.is(texts.filter((text) => text.includes('too often')).length, 7)
})

test('a proxy that speaks TLS may stand before it, and gives nobody the numbers', async (hub) => {
  const cookie = (await logIn(hub, 'operator')).cookie!
  const { host } = new URL(hub.server.url)
  const path = pathOf(API.order.path)
  const order = (origin: string) => ask(hub, 'POST', path, { op: 'identify' }, { cookie, origin })
  assert.is((await order(`https://${host}`)).status, 200)
  assert.is((await order('null')).status, 403)
  assert.is((await order(`https://${host}.elsewhere.example`)).status, 403)
  assert.is((await ask(hub, 'GET', '/metrics', undefined, { 'x-forwarded-for': '192.0.2.1' })).status, 403)
})

test('whoever is removed sees nothing more of what happens', async (hub) => {
  const headers = await logIn(hub, 'viewer')
  const answer = await fetch(new URL('/api/live', hub.server.url), { headers })
  const reader = answer.body!.getReader()
  await reader.read()
  assert.is(hub.backend.listeners.size, 1)
  const admin = await logIn(hub, 'administrator')
  assert.is((await ask(hub, 'DELETE', '/api/users/viewer', undefined, admin)).status, 204)
  hub.backend.tell({ is: 'rooms', rooms: [hub.backend.rooms[3]!] })
  let seen = ''
  const end = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      seen += Buffer.from(value).toString()
    }
  }
  await end().catch(() => {})
  assert.not.match(seen, deviceOf(3))
})

test('hearings and shipments are as long as they may be', async (hub) => {
  const receipts = `/receipts/${'a'.repeat(64)}/${'h'.repeat(250)}`
  assert.is((await ask(hub, 'GET', receipts)).status, 200)
  assert.is((await ask(hub, 'GET', `${receipts}h`)).status, 414)
  const room = { code: '7K2M-9QXT-4BVD', court: 'almaty-district', courtName: 'Қ'.repeat(120) }
  const rooms = Array.from({ length: 2_000 }, () => room)
  const batch = await ask(hub, 'POST', API.enrolBatch.path, { rooms }, await logIn(hub, 'administrator'))
  assert.is(batch.status, 204)
})

test('who did what stands in the audit, without passwords, also after a restart', async (hub) => {
  const operator = await logIn(hub, 'operator')
  await ask(hub, 'POST', pathOf(API.order.path), { op: 'identify' }, operator)
  const admin = await logIn(hub, 'administrator')
  await ask(hub, 'POST', '/api/users', { name: 'new', password: 'never to be logged', role: 'viewer' }, admin)
  await hub.server.stop()
  await start(hub, 5)
  const rows = (await (await ask(hub, 'GET', '/api/audit', undefined, await logIn(hub, 'administrator'))).json()) as {
    by: string
    what: string
  }[]
  assert.ok(rows.some(({ by, what }) => by === 'operator' && what === 'order'))
  assert.ok(rows.some(({ by, what }) => by === 'administrator' && what === 'newUser'))
  assert.not.match(readFileSync(join(hub.home, 'audit.ndjson'), 'utf8'), 'never to be logged')
  assert.not.match(readFileSync(join(hub.home, 'users.json'), 'utf8'), 'never to be logged')
})

test('whoever is removed is out at once; the last administrator stays', async (hub) => {
  const viewer = await logIn(hub, 'viewer')
  const admin = await logIn(hub, 'administrator')
  assert.is((await ask(hub, 'DELETE', '/api/users/viewer', undefined, admin)).status, 204)
  assert.is((await ask(hub, 'GET', '/api/me', undefined, viewer)).status, 401)
  assert.is((await ask(hub, 'DELETE', '/api/users/administrator', undefined, admin)).status, 409)
  assert.is((await ask(hub, 'DELETE', '/api/users/nobody', undefined, admin)).status, 404)
})

test('bad input gets a code, and nothing else happens', async (hub) => {
  const operator = await logIn(hub, 'operator')
  const path = pathOf(API.order.path)
  const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code]
  assert.equal(await codeOf(await ask(hub, 'POST', path, { op: 'start-recording' }, operator)), [
    400,
    'MESSAGE_INVALID',
  ])
  assert.equal(await codeOf(await ask(hub, 'POST', path, '{"op":', operator)), [400, 'MESSAGE_INVALID'])
  assert.equal(await codeOf(await ask(hub, 'POST', path, { op: 'x'.repeat(300_000) }, operator)), [
    413,
    'MESSAGE_INVALID',
  ])
  assert.equal(await codeOf(await ask(hub, 'GET', '/nowhere', undefined, operator)), [404, 'NOT_FOUND'])
  const nobody = pathOf(API.room.path).replace(deviceOf(1), 'vb-none')
  assert.equal(await codeOf(await ask(hub, 'GET', nobody, undefined, operator)), [404, 'NOT_FOUND'])
  assert.equal(hub.backend.asked, [])
})

test('devices ask to be enrolled without a log-in; rubbish is none', async (hub) => {
  const proven = { body: '{}', proof: `${'A'.repeat(43)}=` }
  assert.is((await ask(hub, 'POST', '/enrol', proven)).status, 202)
  hub.backend.enrolling = { is: 'refused', why: 'x' }
  assert.is((await ask(hub, 'POST', '/enrol', proven)).status, 410)
  assert.is((await ask(hub, 'POST', '/enrol', { body: 1 })).status, 400)
  assert.is((await ask(hub, 'POST', '/standing', { body: '{}', sig: '' })).status, 200)
  assert.is((await ask(hub, 'POST', '/standing', { body: 1 })).status, 400)
})

test('numbers are for this machine, or for whoever has the token', async (hub) => {
  assert.match(await (await ask(hub, 'GET', '/metrics')).text(), 'verbatim_rooms 1')
  await hub.server.stop()
  await start(hub, 5, 'secret')
  assert.is((await ask(hub, 'GET', '/metrics')).status, 403)
  assert.is((await ask(hub, 'GET', '/metrics', undefined, { authorization: 'Bearer secret' })).status, 200)
  assert.is((await ask(hub, 'GET', '/coverage.csv')).status, 401)
  assert.is((await ask(hub, 'GET', '/coverage.csv', undefined, { authorization: 'Bearer secret' })).status, 200)
  assert.is((await ask(hub, 'GET', '/healthz')).status, 200)
})

test('every answer has the headers that keep others out', async (hub) => {
  for (const path of ['/healthz', '/nowhere', '/api/me']) {
    const { headers } = await ask(hub, 'GET', path)
    assert.match(headers.get('content-security-policy')!, "default-src 'none'")
    assert.is(headers.get('x-content-type-options'), 'nosniff')
  }
})

test('roles are in order', () => assert.equal(ROLES as readonly Role[], ['viewer', 'operator', 'administrator']))

test.run()
