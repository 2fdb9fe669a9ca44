/** A witness on HTTP: places are shown by POST, receipts are read by GET. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { listenFault } from '../../base/listen-fault.ts'
import type { Logger } from '../../base/log.ts'
import { MAX_WITNESS_BYTES } from '../../wire/witness.ts'
import { Book } from './book.ts'
import { WitnessDesk } from './desk.ts'
import { openWitnessKey } from './witness-key.ts'

export interface WitnessServerOptions {
  /** Its key, its book and its conflicts lie here. */
  home: string
  /** 0 takes a free one. */
  port: number
  host?: string
  log: Logger
}

export interface RunningWitness {
  url: string
  /** Id of its key: what a device may `trust`. */
  key: string
  stop: () => Promise<void>
}

const STATUS = { malformed: 400, signature: 403, conflict: 409, rollback: 409 }
const REQUEST_WITHIN_MS = 10_000

/** Throws ADDRESS_IN_USE, ADDRESS_UNUSABLE, CERTIFICATE_INVALID for its own key, STORE_UNUSABLE for its home. */
export const startWitness = async (options: WitnessServerOptions): Promise<RunningWitness> => {
  const { home, port, host = '127.0.0.1', log } = options
  const key = await openWitnessKey(home).catch((cause: unknown) => {
    if (cause instanceof VerbatimError) throw cause
    throw new VerbatimError('STORE_UNUSABLE', `${home} cannot be used: ${messageOf(cause)}`, { cause })
  })
  const book = new Book(join(home, 'book'))
  const desk = new WitnessDesk({ book, key, conflicts: join(home, 'conflicts.ndjson'), log })
  const limits = { requestTimeout: REQUEST_WITHIN_MS, headersTimeout: REQUEST_WITHIN_MS, maxHeaderSize: 8_192 }
  const server = createServer(limits, (request, response) => {
    answer(desk, request, response).catch((fault: unknown) => {
      log.error({ fault: messageOf(fault) }, 'a question could not be answered')
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault) => reject(listenFault(fault) ?? fault))
    server.listen(port, host, resolve)
  })
  return { url: urlOf(server), key: key.id, stop: () => close(server) }
}

const urlOf = (server: Server): string => {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const RECEIPTS = /^\/receipts\/([0-9a-f]{64})\/([^/]{1,750})$/

const answer = async (desk: WitnessDesk, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.method === 'POST') return show(desk, request, response)
  const [, device, hearing] = RECEIPTS.exec(request.url ?? '') ?? []
  if (request.method !== 'GET' || !device || !hearing) return say(response, 404, 'text/plain', 'not found\n')
  const receipts = await desk.receipts(device, decode(hearing))
  // As in `receipts.ndjson`: what the journal says of itself already is left out.
  const lines = receipts.map(({ device: _device, hearing: _hearing, ...entry }) => `${JSON.stringify(entry)}\n`)
  say(response, 200, 'application/x-ndjson', lines.join(''))
}

const show = async (desk: WitnessDesk, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await read(request)
  if (!body) return say(response, 413, 'text/plain', 'too long\n')
  const said = await desk.show(body)
  say(response, said.is === 'receipt' ? 200 : STATUS[said.code], 'application/json', JSON.stringify(said))
}

/** Null when it is too long. */
const read = async (request: IncomingMessage): Promise<Buffer | null> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_WITNESS_BYTES) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const say = (response: ServerResponse, status: number, type: string, text: string): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text)
}
