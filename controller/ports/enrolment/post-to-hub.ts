/** One request to the hub by its address, which believes no certificate: what is said proves itself, on both sides. */
import { type HttpAnswer, post } from '../../base/post.ts'

const MAX_BYTES = 256 << 10
const WITHIN_MS = 15_000

export interface ToHub {
  /** Address of the hub. */
  hub: string
  /** Begins with a slash. */
  path: string
  /** Sent as JSON. */
  message: unknown
  signal: AbortSignal
}

/** Throws NO_ANSWER, and ANSWER_INVALID when the answer is too long. */
export const postToHub = ({ hub, path, message, signal }: ToHub): Promise<HttpAnswer> =>
  post({
    ...{ url: hub.replace(/\/$/, '') + path, type: 'application/json', body: JSON.stringify(message) },
    ...{ maxBytes: MAX_BYTES, withinMs: WITHIN_MS, anyCertificate: true, signal },
  })
