/** Lets people in: names and passwords, cookies, and that it is our own page that asks. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { VerbatimError } from '../../base/error.ts'
import { utcText } from '../../base/units.ts'
import type { Live, Login, Me, OwnPassword, Role } from '../../wire/console.ts'
import type { AuditLog } from './audit-log.ts'
import { Guesses } from './guesses.ts'
import { streamLive } from './live-stream.ts'
import type { People } from './people.ts'
import { Seats } from './seats.ts'
import { SignIns } from './sign-ins.ts'

/** A form or a picture on somebody else's page cannot send it. */
export const PAGE_HEADER = 'verbatim-console'

export class Door {
  readonly #signIns = new SignIns()
  readonly #guesses = new Guesses()
  readonly #seats = new Seats()

  constructor(
    readonly people: People,
    readonly audit: AuditLog,
    private readonly isTls: boolean,
  ) {}

  /** Throws LOGIN_FAILED. */
  async enter({ name, password }: z.output<typeof Login>, request: FastifyRequest, reply: FastifyReply): Promise<Me> {
    const me = await this.#identify(name, password, request, 'LOGIN_FAILED')
    const row = { at: utcText(Date.now()), by: name, about: '', from: request.ip }
    if (!me) {
      await this.audit.add({ ...row, what: 'login-failed' })
      throw new VerbatimError('LOGIN_FAILED', 'the name is not known, or the password is wrong')
    }
    await this.audit.add({ ...row, what: 'login' })
    reply.header('set-cookie', this.#cookie(this.#signIns.begin(name), 'Max-Age=43200'))
    return me
  }

  /**
   * Their own, by whoever knows the present one; everywhere else they are logged out. Throws TOO_OFTEN, PASSWORD_WRONG,
   * and NOT_FOUND for somebody who is removed meanwhile.
   */
  async changePassword(
    { name }: Me,
    { password, newPassword }: z.output<typeof OwnPassword>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    if (!(await this.#identify(name, password, request, 'TOO_OFTEN'))) {
      const row = { at: utcText(Date.now()), by: name, about: '', from: request.ip }
      await this.audit.add({ ...row, what: 'password-failed' })
      throw new VerbatimError('PASSWORD_WRONG', 'the present password is another')
    }
    await this.people.changePassword(name, newPassword)
    this.#signIns.endAllOf(name)
    reply.header('set-cookie', this.#cookie(this.#signIns.begin(name), 'Max-Age=43200'))
  }

  /** Null for a wrong password. Throws `slowed` for whoever guessed too often. */
  async #identify(
    name: string,
    password: string,
    { ip }: FastifyRequest,
    slowed: 'LOGIN_FAILED' | 'TOO_OFTEN',
  ): Promise<Me | null> {
    const waitMs = this.#guesses.waitMs(name, ip)
    if (waitMs > 0) throw new VerbatimError(slowed, `tried too often: wait ${Math.ceil(waitMs / 1_000)} seconds`)
    // Counted before it is known to be wrong: a hundred guesses at once are a hundred, not one.
    this.#guesses.failed(name, ip)
    const me = await this.people.identify(name, password)
    if (me) this.#guesses.succeeded(name, ip)
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

  /** Ends by itself when whoever reads falls behind, or is logged in no more. Throws TOO_OFTEN. */
  stream(
    { name }: Me,
    request: FastifyRequest,
    reply: FastifyReply,
    subscribe: (tell: (live: Live) => void) => () => void,
  ): void {
    const leave = this.#seats.take(name)
    const response = reply.hijack().raw
    response.on('close', leave)
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
