/** The hub on the web: the console's page and API, enrolment, receipts, and numbers for other programs. */
import type { AddressInfo } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import Fastify, { type FastifyInstance } from 'fastify'
import { messageOf, VerbatimError } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { errorOf, HEADERS, takesGzip } from './answer.ts'
import type { AuditLog } from './audit-log.ts'
import type { Backend } from './backend.ts'
import { Door } from './door.ts'
import { addOpenDoors } from './open-doors.ts'
import { readPageFiles } from './page-files.ts'
import type { People } from './people.ts'
import { addRoutes } from './routes.ts'

export interface ConsoleOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  /** PEM; null behind a proxy, or on loopback. */
  tls: { cert: string; key: string } | null
  /** Where `scripts/build.mjs` put the page. */
  pageFolder: string
  backend: Backend
  people: People
  audit: AuditLog
  /** Null: this machine alone may ask for `/metrics`. */
  prometheusToken: string | null
  log: Logger
}

export interface RunningConsole {
  url: string
  /** Another certificate for those who come from now on. */
  showCertificate: (tls: { cert: string; key: string }) => void
  stop: () => Promise<void>
}

const BODY_BYTES = 256 << 10
const REQUEST_MS = 30_000
/** The id of a hearing has up to 250. */
const PARAMETER_LENGTH = 250

/** Throws what listening does. */
export const startConsole = async (options: ConsoleOptions): Promise<RunningConsole> => {
  const { host, port, tls, backend, people, audit, prometheusToken, pageFolder, log } = options
  const limits = {
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    connectionTimeout: 0,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAMETER_LENGTH },
  }
  const server = (tls ? Fastify({ ...limits, https: tls }) : Fastify(limits)) as unknown as FastifyInstance
  const door = new Door(people, audit, tls !== null)
  server.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value)
  })
  server.setErrorHandler((fault, request, reply) => {
    const known = errorOf(fault)
    if (!known) log.error({ url: request.url, fault: messageOf(fault) }, 'a request could not be answered')
    reply
      .code(known?.status ?? 500)
      .type('application/json; charset=utf-8')
      .send(known?.error ?? { code: 'UNKNOWN', text: 'the hub could not do it; its log says why' })
  })
  server.setNotFoundHandler(() => {
    throw new VerbatimError('NOT_FOUND', 'there is no such address')
  })
  addRoutes(server, backend, door)
  addOpenDoors(server, backend, door, prometheusToken)
  for (const [path, { type, plain, zipped }] of await readPageFiles(pageFolder))
    server.get(path, (request, reply) =>
      takesGzip(request)
        ? reply.type(type).header('content-encoding', 'gzip').send(zipped)
        : reply.type(type).send(plain),
    )
  await server.listen({ host, port })
  const showCertificate = (shown: { cert: string; key: string }): void => {
    if (server.server instanceof TlsServer) server.server.setSecureContext(shown)
  }
  return { url: urlOf(server, tls !== null), showCertificate, stop: () => server.close() }
}

const urlOf = (server: FastifyInstance, isTls: boolean): string => {
  const { address, port } = server.server.address() as AddressInfo
  const name = ['0.0.0.0', '::'].includes(address) ? 'localhost' : address
  return `http${isTls ? 's' : ''}://${name.includes(':') ? `[${name}]` : name}:${port}/`
}
