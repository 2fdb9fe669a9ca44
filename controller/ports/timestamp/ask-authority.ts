import { VerbatimError } from '../../base/error.ts'
import { post } from '../../base/post.ts'
import { encodeRequest, newRequest } from './request.ts'
import { tokenIn } from './response.ts'

/** Brings the token for a head, base64. */
export type AskingForStamp = (head: string, signal: AbortSignal) => Promise<string>

const WITHIN_MS = 20_000
/** A token with its certificates has some thousand bytes. */
const MAX_BYTES = 64 << 10

/** Asks a time-stamping authority over HTTP (RFC 3161, 3.4). Throws NO_ANSWER and what `tokenIn` throws. */
export const askAuthority =
  (url: string, withinMs = WITHIN_MS): AskingForStamp =>
  async (head, signal) => {
    const request = newRequest(head)
    const body = encodeRequest(request)
    const type = 'application/timestamp-query'
    const answer = await post({ url, type, body, maxBytes: MAX_BYTES, withinMs, signal })
    if (answer.status !== 200 || !answer.type.startsWith('application/timestamp-reply'))
      throw new VerbatimError('ANSWER_INVALID', `${url} answers with status ${answer.status}, "${answer.type}"`)
    return tokenIn(answer.body, request)
  }
