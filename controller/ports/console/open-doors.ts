/** Addresses that nobody logs in for: devices that enrol, whoever verifies a hearing, and what other programs ask. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { VerbatimError } from '../../base/error.ts'
import { Proven } from '../../wire/fleet/enrolment.ts'
import { StandingRequest } from '../../wire/fleet/standing.ts'
import type { Backend } from './backend.ts'
import type { Door } from './door.ts'
import { Paces } from './paces.ts'

/** A whole region may start at once, and each device asks every few seconds. */
const ENROLLING = { each: 50, all: 200 }
/** A verification asks once or twice; each question reads a whole book of the witness. */
const RECEIPTS = { each: 5, all: 50 }

export const addOpenDoors = (
  server: FastifyInstance,
  backend: Backend,
  door: Door,
  prometheusToken: string | null,
): void => {
  const enrolling = new Paces(ENROLLING)
  const verifying = new Paces(RECEIPTS)

  server.post('/enrol', async (request, reply) => {
    if (!enrolling.mayNow(request.ip))
      return reply.code(429).send({ code: 'ENROLMENT_REFUSED', text: 'too many ask at once' })
    const asked = Proven.safeParse(request.body)
    if (!asked.success) throw new VerbatimError('MESSAGE_INVALID', 'no request for enrolment')
    const said = await backend.ask(asked.data)
    return reply.code(said.is === 'waiting' ? 202 : said.is === 'refused' ? 410 : 200).send(said)
  })

  server.post('/standing', async (request, reply) => {
    if (!enrolling.mayNow(request.ip))
      return reply.code(429).send({ code: 'ENROLMENT_REFUSED', text: 'too many ask at once' })
    const asked = StandingRequest.safeParse(request.body)
    if (!asked.success) throw new VerbatimError('MESSAGE_INVALID', 'no question how a device stands')
    return backend.standing(asked.data)
  })

  server.get('/receipts/:key/:hearing', async (request, reply) => {
    const { key = '', hearing = '' } = request.params as Record<string, string>
    if (!/^[0-9a-f]{64}$/.test(key) || hearing.length > 250) throw new VerbatimError('NOT_FOUND', 'no such key')
    if (!verifying.mayNow(request.ip))
      throw new VerbatimError('TOO_OFTEN', 'too many ask for receipts: ask again in some seconds')
    const receipts = await backend.receipts(key, hearing)
    // As in `receipts.ndjson`: what the journal says of itself already is left out.
    const lines = receipts.map(({ device: _device, hearing: _hearing, ...entry }) => `${JSON.stringify(entry)}\n`)
    return reply.type('application/x-ndjson').send(lines.join(''))
  })

  server.get('/metrics', async (request, reply) => {
    if (!mayScrape(request, prometheusToken)) throw new VerbatimError('NOT_PERMITTED', 'it takes the token')
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await backend.prometheus())
  })

  server.get('/coverage.csv', (request, reply) => {
    if (!isScraper(request, prometheusToken)) door.whoIs(request)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="coverage.csv"')
      .send(backend.coverageCsv())
  })

  server.get('/healthz', (_request, reply) => {
    const faults = backend.faults().map(({ code, detail }) => `${code}: ${detail}`)
    return reply.code(faults.length ? 503 : 200).send({ ok: !faults.length, faults })
  })
}

const OWN_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** Without a token this machine alone may ask; a proxy on this machine asks for somebody else. */
const mayScrape = (request: FastifyRequest, token: string | null): boolean =>
  token === null ? OWN_ADDRESSES.includes(request.ip) && !isForwarded(request) : isScraper(request, token)

const isForwarded = ({ headers }: FastifyRequest): boolean =>
  ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'].some((name) => headers[name] !== undefined)

const isScraper = ({ headers }: FastifyRequest, token: string | null): boolean => {
  if (token === null) return false
  const [wanted, got] = [Buffer.from(`Bearer ${token}`), Buffer.from(headers.authorization ?? '')]
  return wanted.length === got.length && timingSafeEqual(wanted, got)
}
