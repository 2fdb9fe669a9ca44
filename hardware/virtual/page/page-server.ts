/** Serves the room's page on this machine alone: what it shows, and what may be switched from it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '../../../controller/base/error.ts'
import type { Room } from '../room/room.ts'
import { Audience } from './audience.ts'
import { pageFiles } from './files.ts'
import { Fingers } from './fingers.ts'
import { guard, HEADERS } from './guard.ts'
import { hold, turn } from './order.ts'
import { PageError } from './page-error.ts'
import { askRecorder, watchRecorder } from './recorder-watch.ts'
import { panelsView, roomView } from './view.ts'
import { WatchedLamps } from './watched-lamps.ts'

export interface PageOptions {
  room: Room
  /** Of the recorder that the page asks. */
  runtimeDir: string
  /** 0, the default, takes a free one. */
  port?: number
}

export interface RunningPage {
  url: string
  stop: () => Promise<void>
}

const MOST_BYTES = 4_096
/** A rhythm is also known by nothing happening. */
const LOOK_EVERY_MS = 250

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MOST_BYTES) throw new PageError('BODY_TOO_LONG')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const answer = (response: ServerResponse, status: number, type: string, text: string): void => {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(text)
}

const answerJson = (response: ServerResponse, status: number, value: unknown): void =>
  answer(response, status, 'application/json', `${JSON.stringify(value)}\n`)

const refuse = (request: IncomingMessage, response: ServerResponse, thrown: unknown): void => {
  const fault = thrown instanceof PageError ? thrown : new PageError('TURN_FAILED', messageOf(thrown))
  if (response.headersSent) return void response.destroy()
  // What is left of a body that nobody reads would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  answerJson(response, fault.status, { code: fault.code, text: fault.message })
}

/** Rejects when the port is taken. */
export const startPage = async ({ room, runtimeDir, port = 0 }: PageOptions): Promise<RunningPage> => {
  const files = await pageFiles()
  const audience = new Audience()
  const fingers = new Fingers()
  const lamps = room.panels.map((panel) => new WatchedLamps(panel))
  const tellPanels = () => audience.tell('panels', panelsView(room, lamps))
  const tellRoom = () => audience.tell('room', roomView(room))

  type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>
  const ordered =
    (carryOut: (body: string) => Promise<void>): Route =>
    async (request, response) => {
      await carryOut(await bodyOf(request))
      answerJson(response, 200, { done: true })
    }
  const routes: Record<string, Route> = {
    'GET /events': async (_, response) => audience.welcome(response, HEADERS),
    'GET /state': async (_, response) =>
      answerJson(response, 200, {
        room: roomView(room),
        panels: panelsView(room, lamps),
        recorder: await askRecorder(runtimeDir),
      }),
    'POST /turn': ordered((body) => turn(room, body)),
    'POST /hold': ordered((body) => hold(room, fingers, body)),
    ...Object.fromEntries(
      Object.entries(files).map(([path, { type, text }]): [string, Route] => [
        `GET ${path}`,
        async (_, response) => answer(response, 200, type, text),
      ]),
    ),
  }

  const server = createServer(async (request, response) => {
    try {
      const { method = '', url = '' } = request
      guard(method, request.headers, (server.address() as AddressInfo).port)
      const [path = ''] = url.split('?')
      const route = routes[`${method} ${path}`]
      const isKnown = Object.keys(routes).some((key) => key.endsWith(` ${path}`))
      if (!route) throw new PageError(isKnown ? 'METHOD_WRONG' : 'NOT_FOUND')
      await route(request, response)
    } catch (thrown) {
      refuse(request, response, thrown)
    }
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  const endings = [
    room.onChange((what) => (what === 'lamps' ? tellPanels() : tellRoom())),
    watchRecorder(
      runtimeDir,
      () => audience.size > 0,
      (view) => audience.tell('recorder', view),
    ),
    ...lamps.map(({ stop }) => stop),
  ]
  const look = setInterval(tellPanels, LOOK_EVERY_MS)
  tellRoom()
  tellPanels()

  const stop = async (): Promise<void> => {
    clearInterval(look)
    for (const end of endings) end()
    audience.dismiss()
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  let stopping: Promise<void> | undefined
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}
