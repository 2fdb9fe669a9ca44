/** People are told: a real HTTP server, and a server that speaks SMTP as far as a letter needs. */
import { createHmac } from 'node:crypto'
import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mail } from '../../../controller/ports/notices/mail.ts'
import type { NoticeTarget } from '../../../controller/ports/notices/notice.ts'
import { Notices } from '../../../controller/ports/notices/notices.ts'
import { webhook } from '../../../controller/ports/notices/webhook.ts'
import type { AlarmRow } from '../../../controller/wire/console.ts'
import { FakeBackend } from '../../builders/fake-backend.ts'
import { until } from '../../stories/stage/until.ts'

interface World {
  http: HttpServer
  url: string
  /** Status that it answers with. */
  status: number
  posts: { body: string; signature: string }[]
  smtp: Server
  smtpUrl: string
  letters: string[]
  kept: Map<number, { target: string; text: string }>
}

const [ROW] = new FakeBackend(1).alarms() as [AlarmRow]
const MILD: AlarmRow = { ...ROW, id: 'DISK_SLOW-mirror', alarm: { ...ROW.alarm, severity: 'watch', code: 'DISK_SLOW' } }
const RETRY = { firstMs: 20, longestMs: 50 }
const test = suite<World>('notices')

/** RFC 5321 without anything that nobody needs for one letter. */
const smtpServer = (letters: string[]): Server =>
  createServer((socket) => {
    let text = ''
    let isData = false
    socket.on('error', () => {})
    socket.write('220 hub.example\r\n')
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8')
      for (;;) {
        const end = isData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n')
        if (end < 0) return
        const part = text.slice(0, end)
        text = text.slice(end + (isData ? 5 : 2))
        if (isData) letters.push(part)
        isData = !isData && part === 'DATA'
        socket.write(isData ? '354 go on\r\n' : part === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
      }
    })
  })

const listening = (server: Server | HttpServer): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

const noticesOf = (world: World, targets: NoticeTarget[]): Notices =>
  new Notices({
    ...{ targets, retry: RETRY, complain: () => {} },
    shelf: {
      keep: (id, target, text) => world.kept.set(id, { target, text }),
      drop: (id) => world.kept.delete(id),
      kept: () => [...world.kept].map(([id, one]) => ({ id, ...one })),
    },
  })

test.before.each(async (world) => {
  world.posts = []
  world.letters = []
  world.kept = new Map()
  world.status = 200
  world.http = createHttp((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => {
      body += part.toString('utf8')
    })
    request.on('end', () => {
      world.posts.push({ body, signature: `${request.headers['verbatim-signature']}` })
      response.writeHead(world.status).end()
    })
  })
  world.url = `http://127.0.0.1:${await listening(world.http)}/hook`
  world.smtp = smtpServer(world.letters)
  world.smtpUrl = `smtp://127.0.0.1:${await listening(world.smtp)}`
})
test.after.each(async ({ http, smtp }) => {
  http.closeAllConnections()
  await new Promise((resolve) => http.close(resolve))
  smtp.close()
})

test('a webhook is told what is grave enough, signed so that it can tell it from a stranger', async (world) => {
  const notices = noticesOf(world, [webhook({ url: world.url, secret: 'key', from: 'degraded', region: 'Almaty' })])
  notices.tell('raised', MILD)
  notices.tell('raised', ROW)
  const [post] = await until('told', 20, () => world.posts.length > 0 && world.posts)
  const { region, notices: told } = JSON.parse(post!.body) as {
    region: string
    notices: { why: string; row: AlarmRow }[]
  }
  assert.is(region, 'Almaty')
  assert.equal(
    told.map(({ why, row }) => [why, row.alarm.code]),
    [['raised', 'DISK_FAILED']],
  )
  assert.is(post!.signature, `sha256=${createHmac('sha256', 'key').update(post!.body).digest('hex')}`)
  await until('nothing is kept', 20, () => world.kept.size === 0)
  notices.stop()
})

test('what could not be told is tried again, and a grave one outlasts the hub', async (world) => {
  world.status = 500
  const target = () => webhook({ url: world.url, secret: null, from: 'watch', region: 'Almaty' })
  const first = noticesOf(world, [target()])
  first.tell('raised', ROW)
  await until('tried again', 20, () => world.posts.length >= 2)
  first.stop()
  assert.is(world.kept.size, 1)
  world.status = 200
  world.posts.length = 0
  const second = noticesOf(world, [target()])
  await until('told after the restart', 20, () => world.posts.length > 0 && world.kept.size === 0)
  assert.match(world.posts[0]!.body, 'DISK_FAILED')
  second.stop()
})

test('a letter says which room, what is wrong and what to do, and cannot be given other heads', async (world) => {
  const target = mail({
    ...{ smtp: world.smtpUrl, login: null, from: 'hub@court.example', to: ['it@court.example'], severity: 'failed' },
    region: 'Almaty',
  })
  const notices = noticesOf(world, [target])
  notices.tell('raised', { ...ROW, room: 'Courtroom 1\r\nBcc: stranger@example.com' })
  const [letter] = await until('a letter', 20, () => world.letters.length > 0 && world.letters)
  assert.match(letter!, /^Subject: Verbatim: New: Courtroom 1/m)
  assert.match(letter!, 'Have the disk in bay 2 replaced.')
  assert.not.match(letter!, /^Bcc:/m)
  notices.stop()
})

test('one that hangs keeps no other waiting', async (world) => {
  const hanging = createServer(() => {})
  const port = await listening(hanging)
  const notices = noticesOf(world, [
    webhook({ url: `http://127.0.0.1:${port}/`, secret: null, from: 'watch', region: 'Almaty' }),
    webhook({ url: world.url, secret: null, from: 'watch', region: 'Almaty' }),
  ])
  notices.tell('raised', ROW)
  await until('the other is told', 20, () => world.posts.length > 0)
  notices.stop()
  hanging.close()
})

test.run()
