/** The hub's side of enrolment as a device meets it: a real authority and desk behind HTTP, with a clock in hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../controller/base/error.ts'
import { Authority } from '../../controller/ports/authority/authority.ts'
import { EnrolmentDesk } from '../../controller/ports/authority/enrolment-desk.ts'
import { ExpectedCodes } from '../../controller/ports/authority/expected-codes.ts'
import { AuthorityRegister } from '../../controller/ports/authority/register.ts'
import type { Proven } from '../../controller/wire/fleet/enrolment.ts'
import type { StandingRequest } from '../../controller/wire/fleet/standing.ts'
import { type HttpServer, serveHttp } from './http-server.ts'
import { Operator } from './operator.ts'

export class EnrolmentHub {
  operator = new Operator('')
  web!: HttpServer
  /** Questions how a device stands. */
  asked = 0

  private constructor(
    readonly home: string,
    /** What its clock is ahead by. */
    readonly clock: { aheadMs: number },
    readonly authority: Authority,
    readonly register: AuthorityRegister,
    readonly expected: ExpectedCodes,
    readonly desk: EnrolmentDesk,
  ) {}

  static async start(days = 10): Promise<EnrolmentHub> {
    const home = mkdtempSync(join(tmpdir(), 'verbatim-enrolment-'))
    const clock = { aheadMs: 0 }
    const utcMs = () => Date.now() + clock.aheadMs
    const authority = await Authority.open({ home, region: 'Almaty', days, now: () => new Date(utcMs()) })
    const register = await AuthorityRegister.open(home)
    const expected = await ExpectedCodes.open(home)
    const desk = new EnrolmentDesk({
      ...{ authority, register, expected, now: utcMs, sign: (text) => hub.operator.sign(text) },
      told: () => ({ operatorKey: hub.operator.key, witness: null, mqtt: 'mqtts://localhost:8883' }),
    })
    const hub: EnrolmentHub = new EnrolmentHub(home, clock, authority, register, expected, desk)
    await hub.open()
    return hub
  }

  async open(port = 0): Promise<void> {
    this.web = await serveHttp(async (body, response, { url }) => {
      if (url === '/standing') this.asked++
      try {
        const message: unknown = JSON.parse(body.toString('utf8'))
        const said =
          url === '/standing'
            ? await this.desk.standing(message as StandingRequest)
            : await this.desk.ask(message as Proven)
        response.end(JSON.stringify(said))
      } catch (fault) {
        response.writeHead(410).end(JSON.stringify({ is: 'refused', why: messageOf(fault) }))
      }
    }, port)
  }

  async stop(): Promise<void> {
    await this.web.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}
