/** Asks the hub: one call for each address of its API. What is wrong comes as an error with a code. */
import type { z } from 'zod'
import type { API, ApiError } from '../../wire/console.ts'

type Api = typeof API
type Name = keyof Api
type AnswerOf<N extends Name> = Api[N]['answer'] extends z.ZodType ? z.output<Api[N]['answer']> : null

export class Refused extends Error {
  constructor(
    readonly code: string,
    text: string,
  ) {
    super(text)
  }
}

/** The addresses without the schemas, which only the hub needs: they would make the page ten times as long. */
const ADDRESSES: { [N in Name]: readonly [Api[N]['method'], Api[N]['path']] } = {
  login: ['POST', '/api/login'],
  logout: ['POST', '/api/logout'],
  me: ['GET', '/api/me'],
  password: ['PUT', '/api/me/password'],
  overview: ['GET', '/api/overview'],
  room: ['GET', '/api/rooms/:court/:device'],
  history: ['GET', '/api/rooms/:court/:device/history/:metric'],
  alarms: ['GET', '/api/alarms'],
  alarm: ['POST', '/api/rooms/:court/:device/alarms/:id'],
  order: ['POST', '/api/rooms/:court/:device/orders'],
  config: ['PUT', '/api/rooms/:court/:device/config'],
  docket: ['PUT', '/api/rooms/:court/:device/docket'],
  enrolment: ['GET', '/api/enrolment'],
  enrol: ['POST', '/api/enrolment'],
  enrolBatch: ['POST', '/api/enrolment/batch'],
  revoke: ['POST', '/api/rooms/:court/:device/revoke'],
  audit: ['GET', '/api/audit'],
  users: ['GET', '/api/users'],
  newUser: ['POST', '/api/users'],
  removeUser: ['DELETE', '/api/users/:name'],
}

/** Throws Refused with the hub's code, or NO_ANSWER. */
export const ask = async <N extends Name>(
  name: N,
  params: Record<string, string> = {},
  body?: unknown,
): Promise<AnswerOf<N>> => {
  const [method, path] = ADDRESSES[name]
  const url = path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      // No form of another page can send it.
      ...(method === 'GET' ? {} : { 'verbatim-console': '1' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused('NO_ANSWER', '')
  })
  if (answer.status === 204) return null as AnswerOf<N>
  const said: unknown = await answer.json().catch(() => ({ code: 'NO_ANSWER', text: '' }))
  if (answer.ok) return said as AnswerOf<N>
  const { code, text } = said as ApiError
  throw new Refused(code, text)
}
