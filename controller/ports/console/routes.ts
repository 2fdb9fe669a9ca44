/** The console's API: every address of the table in `wire/console.ts`, with what answers it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { VerbatimError } from '../../base/error.ts'
import { utcText } from '../../base/units.ts'
import { describeIssues } from '../../wire/config.ts'
import { API, type Me, ROLES, type Role } from '../../wire/console.ts'
import { METRIC_NAMES, type MetricName } from '../../wire/fleet/metrics.ts'
import { sendJson } from './answer.ts'
import type { Backend, RoomId } from './backend.ts'
import type { Door } from './door.ts'

export type Api = typeof API
export type ApiName = keyof Api
type BodyOf<Name extends ApiName> = Api[Name]['body'] extends z.ZodType ? z.output<Api[Name]['body']> : null

interface Asked<Name extends ApiName> {
  body: BodyOf<Name>
  /** Of the address, such as court and device. */
  params: Record<string, string>
  id: RoomId
  me: Me
  request: FastifyRequest
  reply: FastifyReply
}

/** One for every address: one without does not compile. */
type Answers = { [Name in ApiName]: (asked: Asked<Name>) => unknown }

/** Two thousand rooms of a shipment, each with the name of its court. */
const BATCH_BYTES = 2 << 20

/** What changes something is audited; these alone are not, for they only look. */
const isChange = (name: ApiName): boolean => API[name].method !== 'GET' && name !== 'login' && name !== 'logout'

const answersOf = (backend: Backend, door: Door): Answers => ({
  login: ({ body, request, reply }) => door.enter(body, request, reply),
  logout: ({ request, reply }) => door.leave(request, reply),
  me: ({ me }) => me,
  password: ({ me, body, request, reply }) => door.changePassword(me, body, request, reply),
  overview: () => backend.overview(),
  room: ({ id }) => backend.room(id),
  history: ({ id, params }) => backend.history(id, metricIn(params.metric!)),
  alarms: () => backend.alarms(),
  alarm: ({ id, params, body, me }) => backend.judgeAlarm(id, params.id!, body, me.name),
  order: ({ id, body, me }) => backend.order(id, body, me.name),
  config: ({ id, body, me }) => backend.configure(id, body, me.name),
  docket: ({ id, body, me }) => backend.giveDocket(id, body, me.name),
  enrolment: () => backend.enrolment(),
  enrol: ({ body, me }) => backend.enrol(body, me.name),
  enrolBatch: ({ body, me }) => backend.enrolBatch(body, me.name),
  revoke: ({ id, me }) => backend.revoke(id, me.name),
  audit: () => door.audit.latest(),
  users: () => door.people.list(),
  newUser: ({ body: { name, password, role } }) => door.setPerson(name, password, role),
  removeUser: ({ params }) => door.removePerson(params.name!),
})

const metricIn = (name: string): MetricName => {
  const known = METRIC_NAMES.find((metric) => metric === name)
  if (!known) throw new VerbatimError('NOT_FOUND', `there is no metric ${name}`)
  return known
}

export const addRoutes = (server: FastifyInstance, backend: Backend, door: Door): void => {
  const answers = answersOf(backend, door)
  for (const name of Object.keys(API) as ApiName[]) {
    const { method, path, role, body: schema } = API[name]
    server.route({
      ...{ method, url: path },
      ...(name === 'enrolBatch' ? { bodyLimit: BATCH_BYTES } : {}),
      handler: async (request, reply) => {
        const me = permit(door, request, role)
        const body = schema ? bodyIn(schema, request.body) : null
        const params = request.params as Record<string, string>
        const id = { court: params.court ?? '', device: params.device ?? '' }
        const answer = answers[name] as (asked: Asked<ApiName>) => unknown
        // Written before it is done: what cannot be written is not done.
        if (isChange(name)) await door.audit.add(rowOf(name, me, request))
        const value = await answer({ body: body as never, params, id, me, request, reply })
        return sendJson(request, reply, value ?? null)
      },
    })
  }
  server.get('/api/live', (request, reply) => {
    const me = permit(door, request, 'viewer')
    door.stream(me, request, reply, (tell) => backend.subscribe(tell))
  })
}

const NOBODY: Me = { name: '', role: 'viewer' }

/** Throws LOGIN_FAILED and NOT_PERMITTED. */
const permit = (door: Door, request: FastifyRequest, role: Role | null): Me => {
  if (request.method !== 'GET') door.requireOwnPage(request)
  if (role === null) return NOBODY
  const me = door.whoIs(request)
  if (ROLES.indexOf(me.role) < ROLES.indexOf(role))
    throw new VerbatimError('NOT_PERMITTED', `it takes the role ${role}; ${me.name} has ${me.role}`)
  return me
}

const bodyIn = (schema: z.ZodType, body: unknown): unknown => {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new VerbatimError('MESSAGE_INVALID', describeIssues(parsed.error).join('; '))
  return parsed.data
}

const rowOf = (name: ApiName, { name: by }: Me, request: FastifyRequest) => ({
  ...{ at: utcText(Date.now()), by, what: name, from: request.ip },
  about: `${request.url} ${JSON.stringify(withoutSecrets(request.body))}`.slice(0, 1_000),
})

/** No password and no code of a shipment stands in a log. */
const withoutSecrets = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body ?? null, (key, value) =>
      ['password', 'newPassword', 'code', 'docket'].includes(key) ? '…' : value,
    ),
  )
