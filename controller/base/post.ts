/**
 * One bounded HTTP request. Whoever answers too much, too slowly or from somewhere else is cut off: the network is not
 * trusted with memory or time. Redirects are not followed, nothing is unpacked, no connection is kept.
 */
import http from 'node:http'
import https from 'node:https'
import { messageOf, VerbatimError } from './error.ts'

export interface Post {
  url: string
  /** Media type of the body. */
  type: string
  body: Uint8Array | string
  headers?: Record<string, string>
  /** A longer answer is cut off. */
  maxBytes: number
  /** From the first look-up of the name to the last byte of the answer. */
  withinMs: number
  /** Whoever answers proves by other means who it is. */
  anyCertificate?: boolean
  signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  status: number
  type: string
  body: Buffer
}

/** Throws NO_ANSWER, and ANSWER_INVALID when the answer is too long. */
export const post = ({
  url,
  type,
  body,
  headers = {},
  maxBytes,
  withinMs,
  anyCertificate,
  signal,
}: Post): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const late = AbortSignal.timeout(withinMs)
    const fail = (cause: unknown) => {
      const why = late.aborted ? `not within ${withinMs} ms` : messageOf(cause)
      reject(new VerbatimError('NO_ANSWER', `${url}: ${why}`, { cause }))
    }
    const request = (url.startsWith('https:') ? https : http).request(url, {
      method: 'POST',
      agent: false,
      ...(anyCertificate ? { rejectUnauthorized: false } : {}),
      headers: { ...headers, 'content-type': type, 'content-length': bytes.length, connection: 'close' },
      signal: signal ? AbortSignal.any([late, signal]) : late,
    })
    request.on('error', fail)
    request.on('response', (answer) => {
      const parts: Buffer[] = []
      let length = 0
      answer.on('error', fail)
      answer.on('data', (part: Buffer) => {
        length += part.length
        parts.push(part)
        if (length <= maxBytes) return
        reject(new VerbatimError('ANSWER_INVALID', `${url}: more than ${maxBytes} bytes`))
        request.destroy()
      })
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          body: Buffer.concat(parts),
        }),
      )
    })
    request.end(bytes)
  })
