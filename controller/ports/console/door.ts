/** Lets people in: names and passwords, cookies, and that it is our own page that asks. */
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { VerbatimError } from '../../base/error.ts'
import { utcText } from '../../base/units.ts'
import type { Live, Login, Me, Role } from '../../wire/console.ts'
import type { AuditLog } from './audit-log.ts'
import { Guesses } from './guesses.ts'
import { streamLive } from './live-stream.ts'
import type { People } from './people.ts'
import { SignIns } from './sign-ins.ts'

/** A form or a picture on somebody else's page cannot send it. */
export const PAGE_HEADER = 'verbatim-console'
/** Each keeps a connection. */
const MOST_STREAMS = 500

export class Door {
  readonly #signIns = new SignIns()
  readonly #guesses = new Guesses()
  #streams = 0

  constructor(
    readonly people: People,
    readonly audit: AuditLog,
    private readonly isTls: boolean,
  ) {}

  /** Throws LOGIN_FAILED. */
  async enter({ name, password }: z.output<typeof Login>, request: FastifyRequest, reply: FastifyReply): Promise<Me> {
    const whoms = [`name ${name}`, `address ${request.ip}`]
    const waitMs = this.#guesses.waitMs(...whoms)
    if (waitMs > 0)
      throw new VerbatimError('LOGIN_FAILED', `tried too often: wait ${Math.ceil(waitMs / 1_000)} seconds`)
    // Counted before it is known to be wrong: a hundred guesses at once are a hundred, not one.
    this.#guesses.failed(...whoms)
    const me = await this.people.identify(name, password)
    const row = { at: utcText(Date.now()), by: name, about: '', from: request.ip }
    if (!me) {
      await this.audit.add({ ...row, what: 'login-failed' })
      throw new VerbatimError('LOGIN_FAILED', 'the name is not known, or the password is wrong')
    }
    this.#guesses.succeeded(...whoms)
    await this.audit.add({ ...row, what: 'login' })
    reply.header('set-cookie', this.#cookie(this.#signIns.begin(name), 'Max-Age=43200'))
    return me
  }

  leave(request: FastifyRequest, reply: FastifyReply): null {
    this.#signIns.end(this.#tokenIn(request))
    reply.header('set-cookie', this.#cookie('', 'Max-Age=0'))
    return null
  }

  /** As they are now, not as they were at log-in. Throws LOGIN_FAILED. */
  whoIs(request: FastifyRequest): Me {
    const name = this.#signIns.nameOf(this.#tokenIn(request))
    const me = name === null ? null : this.people.find(name)
    if (!me) throw new VerbatimError('LOGIN_FAILED', 'log in first')
    return me
  }

  /** Somebody else's page cannot have a button pressed. Throws NOT_PERMITTED. */
  requireOwnPage({ headers }: FastifyRequest): void {
    const { origin, host = '' } = headers
    if (headers[PAGE_HEADER] === undefined)
      throw new VerbatimError('NOT_PERMITTED', `a request that changes something has the header ${PAGE_HEADER}`)
    // Whatever the scheme: a proxy before the hub may be who speaks TLS.
    if (origin !== undefined && hostOf(origin) !== host.toLowerCase())
      throw new VerbatimError('NOT_PERMITTED', 'it was asked by a page from elsewhere')
  }

  async setPerson(name: string, password: string, role: Role): Promise<void> {
    await this.people.put(name, password, role)
    this.#signIns.endAllOf(name)
  }

  async removePerson(name: string): Promise<void> {
    await this.people.remove(name)
    this.#signIns.endAllOf(name)
  }

  /** Ends by itself when whoever reads falls behind, or is logged in no more. */
  stream(
    request: FastifyRequest,
    response: ServerResponse,
    subscribe: (tell: (live: Live) => void) => () => void,
  ): void {
    if (this.#streams >= MOST_STREAMS) {
      response.writeHead(503).end()
      return
    }
    this.#streams++
    response.on('close', () => this.#streams--)
    const token = this.#tokenIn(request)
    streamLive(response, subscribe, () => this.#signIns.mayLookOn(token))
  }

  #cookie(token: string, age: string): string {
    return `${this.#cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; ${age}${this.isTls ? '; Secure' : ''}`
  }

  get #cookieName(): string {
    return this.isTls ? '__Host-verbatim' : 'verbatim'
  }

  #tokenIn({ headers }: FastifyRequest): string {
    const cookies = (headers.cookie ?? '').split('; ').map((one) => one.split('='))
    return cookies.find(([name]) => name === this.#cookieName)?.[1] ?? ''
  }
}

/** With its port where it has one; empty for what is no page's. */
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '')
