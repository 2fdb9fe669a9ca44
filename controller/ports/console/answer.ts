/** How an answer leaves: the same headers on each, errors with their code, and what is long compressed. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { codeOf, type ErrorCode, messageOf, VerbatimError } from '../../base/error.ts'
import type { ApiError } from '../../wire/console.ts'

const squeeze = promisify<Buffer, { level: number }, Buffer>(gzip)
const WORTH_SQUEEZING = 4_096

/** Nothing from elsewhere is loaded, nothing inline runs, and nobody may frame the page to have a button pressed unseen. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  MESSAGE_INVALID: 400,
  LOGIN_FAILED: 401,
  NOT_PERMITTED: 403,
  NOT_FOUND: 404,
  REFUSED: 409,
  ENROLMENT_REFUSED: 422,
  CONFIG_INVALID: 422,
  CERTIFICATE_INVALID: 422,
  NO_ANSWER: 503,
  EVENTS_UNKEPT: 503,
  TOO_OFTEN: 429,
  PASSWORD_WRONG: 403,
}

/** What a failure looks like from outside; null for one that is ours, and nobody else's to read. */
export const errorOf = (fault: unknown): { status: number; error: ApiError } | null => {
  if (fault instanceof VerbatimError && STATUS[fault.code])
    return { status: STATUS[fault.code]!, error: { code: fault.code, text: messageOf(fault).slice(0, 1_000) } }
  // Of fastify: a body that is too long or no JSON, and the like.
  const status = (fault as { statusCode?: number }).statusCode ?? 500
  if (status >= 400 && status < 500)
    return { status, error: { code: 'MESSAGE_INVALID', text: `${codeOf(fault)}: ${messageOf(fault)}`.slice(0, 1_000) } }
  return null
}

export const sendJson = async (request: FastifyRequest, reply: FastifyReply, value: unknown): Promise<FastifyReply> => {
  if (value === null) return reply.code(204).send()
  reply.type('application/json; charset=utf-8')
  const text = Buffer.from(JSON.stringify(value))
  if (text.length < WORTH_SQUEEZING || !takesGzip(request)) return reply.send(text)
  return reply.header('content-encoding', 'gzip').send(await squeeze(text, { level: 3 }))
}

export const takesGzip = ({ headers }: FastifyRequest): boolean => /\bgzip\b/.test(`${headers['accept-encoding']}`)
