/** A real server that answers as a test wants it, rubbish and silence included. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HttpServer {
  url: string
  /** Bodies of the requests so far. */
  asked: Buffer[]
  stop: () => Promise<void>
}

export type Answering = (body: Buffer, response: ServerResponse, request: IncomingMessage) => unknown

/** @param port 0 takes a free one */
export const serveHttp = async (answer: Answering, port = 0): Promise<HttpServer> => {
  const asked: Buffer[] = []
  const server = createServer(async (request, response) => {
    response.on('error', () => {})
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const body = Buffer.concat(parts)
    asked.push(body)
    await answer(body, response, request)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Bytes without end, as fast as they are taken. */
export const flood = (response: ServerResponse, bytes = 100 << 20): void => {
  const block = Buffer.alloc(1 << 20, 'x')
  let left = bytes
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= block.length
      if (!response.write(block)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

/** A byte now and then: it never ends and is never silent for long. */
export const trickle = (response: ServerResponse): void => {
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}
