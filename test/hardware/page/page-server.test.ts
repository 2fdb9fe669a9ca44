/** The page's server as a program sees it: what it answers, and whom it refuses. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PAGE_ERRORS, type PageErrorCode } from '../../../hardware/virtual/page/page-error.ts'
import type { PageEvents } from '../../../hardware/virtual/page/view.ts'
import { until } from '../../stories/stage/until.ts'
import { type SmallRoom, smallRoom } from './room.ts'

let small: SmallRoom
let origin: string
const codesSeen = new Set<string>()

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  code: string | undefined
}

/** By node:http, for fetch sets Host and Origin as it likes. */
const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { method, headers, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (bytes) => {
        text += bytes
      })
      answer.on('end', () => {
        const isJson = answer.headers['content-type'] === 'application/json'
        const code = isJson ? JSON.parse(text).code : undefined
        if (code) codesSeen.add(code)
        resolve({ status: answer.statusCode!, headers: answer.headers, text, code })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })

const post = (path: string, order: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(
    'POST',
    path,
    { origin, 'content-type': 'application/json', ...headers },
    typeof order === 'string' ? order : JSON.stringify(order),
  )

const refusedWith = ({ status, code, text }: Answer, wanted: PageErrorCode): void => {
  assert.is(code, wanted, text)
  assert.is(status, PAGE_ERRORS[wanted][0])
}

const state = async (): Promise<PageEvents> => JSON.parse((await ask('GET', '/state')).text)

test.before(async () => {
  small = await smallRoom()
  origin = small.page.url.replace(/\/$/, '')
})
test.after(() => small?.end())

test('the page, its script and its style come from here, and may load nothing from elsewhere', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/room.js', 'text/javascript'],
    ['/room.css', 'text/css'],
    ['/icon.svg', 'image/svg'],
  ] as const) {
    const { status, headers, text } = await ask('GET', path)
    assert.is(status, 200)
    assert.ok(String(headers['content-type']).startsWith(type), path)
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/)
    assert.not.match(text, /(?:src|href|url\()\s*=?\s*["'(]?(?:https?:)?\/\/(?!www\.w3\.org)/, `${path} loads nothing`)
  }
})

test('a name of somebody else that leads here is refused, for looking and for switching', async () => {
  for (const host of ['evil.example', `evil.example:${new URL(origin).port}`, '127.0.0.1', 'localhost:1'])
    for (const path of ['/', '/state', '/events']) refusedWith(await ask('GET', path, { host }), 'HOST_FOREIGN')
  refusedWith(await post('/turn', { switch: 'mains', to: 'out' }, { host: 'evil.example' }), 'HOST_FOREIGN')
  assert.ok(small.board.lines['mains-good'])
})

test('only a page of this origin switches and presses', async () => {
  for (const foreign of ['http://evil.example', 'null', '', origin.replace('http', 'https'), `${origin}0`]) {
    refusedWith(await post('/turn', { switch: 'mains', to: 'out' }, { origin: foreign }), 'ORIGIN_FOREIGN')
    refusedWith(
      await post('/hold', { panel: 'clerk', button: 'rec', down: true }, { origin: foreign }),
      'ORIGIN_FOREIGN',
    )
  }
  assert.ok(small.board.lines['mains-good'])
  assert.equal(small.panels.panels.clerk.held, [])
  const named = origin.replace('127.0.0.1', 'localhost')
  const done = await post(
    '/turn',
    { switch: 'mains', to: 'in' },
    { host: named.slice('http://'.length), origin: named },
  )
  assert.is(done.status, 200)
})

test('bad orders get a code and change nothing', async () => {
  const before = await state()
  refusedWith(await post('/turn', '{}', { 'content-type': 'text/plain' }), 'TYPE_WRONG')
  for (const nonsense of [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"switch":1,"to":"out"}',
    '{"switch":"mains","to":"out","x":1}',
  ])
    refusedWith(await post('/turn', nonsense), 'BODY_INVALID')
  for (const nonsense of [{}, { panel: 'clerk', button: 'power', down: true }, { panel: 'clerk', button: 'rec' }])
    refusedWith(await post('/hold', nonsense), 'BODY_INVALID')
  refusedWith(await post('/turn', 'x'.repeat(5_000)), 'BODY_TOO_LONG')
  refusedWith(await post('/turn', { switch: 'toString', to: 'out' }), 'SWITCH_UNKNOWN')
  refusedWith(await post('/turn', { switch: 'mains', to: 'sideways' }), 'POSITION_UNKNOWN')
  refusedWith(await post('/hold', { panel: 'constructor', button: 'rec', down: true }), 'PANEL_UNKNOWN')
  refusedWith(await post('/turn', { switch: 'camera.judge-camera', to: 'off' }), 'TURN_FAILED')
  refusedWith(await ask('GET', '/turn'), 'METHOD_WRONG')
  refusedWith(await post('/state', {}), 'METHOD_WRONG')
  for (const path of ['/nothing', '/../package.json', '/browser/main.ts', '//evil.example'])
    refusedWith(await ask('GET', path), 'NOT_FOUND')
  assert.equal((await state()).room, before.room)
})

test('every line of the board can be switched, and back', async () => {
  const { room } = await state()
  const lines = room.switches.filter(({ kind }) => !['camera', 'disk', 'panel'].includes(kind))
  assert.is(lines.length, 6)
  for (const { id, positions } of lines)
    for (const to of positions.toReversed()) {
      assert.is((await post('/turn', { switch: id, to })).status, 200)
      assert.is((await state()).room.switches.find((one) => one.id === id)!.position, to)
      if (id === 'mains') assert.is(small.board.lines['mains-good'], to === 'in')
      if (id === 'battery') assert.is(small.board.lines['battery-low'], to === 'low')
    }
})

test('a disk that is pulled is gone with all that is on it, and comes back with it', async () => {
  const [, store] = small.stores
  writeFileSync(join(store!, 'proof'), 'yes')
  await post('/turn', { switch: 'disk.2', to: 'pulled' })
  assert.not.ok(existsSync(store!))
  // Somebody puts another folder there: the pulled one is not lost, and the page says where it is.
  mkdirSync(store!)
  const { code, text } = await post('/turn', { switch: 'disk.2', to: 'in' })
  assert.is(code, 'TURN_FAILED')
  assert.match(text, /is taken/)
  rmdirSync(store!)
  await post('/turn', { switch: 'disk.2', to: 'in' })
  assert.ok(existsSync(join(store!, 'proof')))
})

test('a button that is held is held on the chip, and its lamps say that nobody is known to record', async () => {
  await post('/hold', { panel: 'clerk', button: 'mark', down: true })
  assert.equal((await state()).panels[0]!.held, ['mark'])
  await post('/hold', { panel: 'clerk', button: 'mark', down: false })
  assert.equal((await state()).panels[0]!.held, [])
  for (const i of [0, 1])
    await until('REC and FAULT flashing in turn', 30, async () => {
      const { rhythms } = (await state()).panels[i]!
      return rhythms.rec === 'flashing' && rhythms.fault === 'flashing' && rhythms.disk === 'dark'
    })
})

test('a panel without its cable is dark', async () => {
  await post('/turn', { switch: 'panel.judge', to: 'out' })
  const judge = async () => (await state()).panels.find(({ role }) => role === 'judge')!
  assert.is((await judge()).isPlugged, false)
  await until('dark', 20, async () => Object.values((await judge()).rhythms).every((rhythm) => rhythm === 'dark'))
  await post('/turn', { switch: 'panel.judge', to: 'in' })
  assert.is((await judge()).isPlugged, true)
})

test('a recorder that is not there is told of as silent', async () => {
  const { recorder } = await state()
  assert.ok(recorder.is === 'silent' && recorder.code === 'RECORDER_UNREACHABLE')
})

test('who looks on is told everything at once, and then what is new', async () => {
  const answer = await fetch(`${origin}/events`)
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  const hear = async (what: RegExp): Promise<void> => {
    while (!what.test(heard)) heard += (await reader.read()).value ?? assert.unreachable('the stream ended')
  }
  await hear(/event: room\ndata: .*"mains".*"position":"in"/)
  await hear(/event: recorder\ndata: .*RECORDER_UNREACHABLE/)
  heard = ''
  small.board.set('mains-good', false)
  await post('/turn', { switch: 'case', to: 'open' })
  await hear(/event: room\ndata: .*"mains"[^}]*"position":"out".*"case"[^}]*"position":"open"/)
  await reader.cancel()
})

test('more pages than a court has screens are refused', async () => {
  const pages = await Promise.all(Array.from({ length: 32 }, () => fetch(`${origin}/events`)))
  const last = await ask('GET', '/events')
  for (const page of pages) await page.body!.cancel()
  refusedWith(last, 'TOO_MANY')
})

test('every code there is was seen here', () => {
  assert.equal([...codesSeen].sort(), Object.keys(PAGE_ERRORS).sort())
})

test.run()
