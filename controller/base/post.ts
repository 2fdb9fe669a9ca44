/**
 * One bounded HTTP request. Whoever answers too much, too slowly or from somewhere else is cut off: the network is not
 * trusted with memory or time. Redirects are not followed, nothing is unpacked, no connection is kept.
 */
import http from 'node:http'
import https from 'node:https'
import { messageOf, VerbatimError } from './error.ts'

export interface Get {
  url: string
  headers?: Record<string, string>
  /** A longer answer is cut off. */
  maxBytes: number
  /** From the first look-up of the name to the last byte of the answer. */
  withinMs: number
  /** Whoever answers proves by other means who it is. */
  anyCertificate?: boolean
  /** PEM: whoever answers must lead to one of these, instead of those that the system knows. */
  ca?: string | undefined
  signal?: AbortSignal | undefined
}

export interface Post extends Get {
  /** Media type of the body. */
  type: string
  body: Uint8Array | string
}

export interface HttpAnswer {
  status: number
  type: string
  body: Buffer
}

/** Throws NO_ANSWER, and ANSWER_INVALID when the answer is too long. */
export const post = ({ type, body, headers = {}, ...ask }: Post): Promise<HttpAnswer> => {
  const bytes = Buffer.from(body)
  return request(
    'POST',
    { ...ask, headers: { ...headers, 'content-type': type, 'content-length': `${bytes.length}` } },
    bytes,
  )
}

/** Throws as {@link post} does. */
export const get = (ask: Get): Promise<HttpAnswer> => request('GET', ask, '')

const request = (
  method: 'GET' | 'POST',
  { url, headers = {}, maxBytes, withinMs, anyCertificate, ca, signal }: Get,
  bytes: Uint8Array | string,
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(withinMs)
    const fail = (cause: unknown) => {
      const why = late.aborted ? `not within ${withinMs} ms` : messageOf(cause)
      reject(new VerbatimError('NO_ANSWER', `${url}: ${why}`, { cause }))
    }
    const asking = (url.startsWith('https:') ? https : http).request(url, {
      method,
      agent: false,
      ...(anyCertificate ? { rejectUnauthorized: false } : {}),
      ...(ca === undefined ? {} : { ca }),
      headers: { ...headers, connection: 'close' },
      signal: signal ? AbortSignal.any([late, signal]) : late,
    })
    asking.on('error', fail)
    asking.on('response', (answer) => {
      const parts: Buffer[] = []
      let length = 0
      answer.on('error', fail)
      answer.on('data', (part: Buffer) => {
        length += part.length
        parts.push(part)
        if (length <= maxBytes) return
        reject(new VerbatimError('ANSWER_INVALID', `${url}: more than ${maxBytes} bytes`))
        asking.destroy()
      })
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          body: Buffer.concat(parts),
        }),
      )
    })
    asking.end(bytes)
  })
