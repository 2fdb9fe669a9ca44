import { VerbatimError } from '../../base/error.ts'
import { post } from '../../base/post.ts'
import { MAX_WITNESS_BYTES, type ShownPlace } from '../../wire/witness.ts'

/** Carries a place to the witness and its answer back, whatever that is: all judgement is `receipt.ts`'s. */
export type Showing = (place: ShownPlace, signal: AbortSignal) => Promise<Uint8Array>

const WITHIN_MS = 10_000

/** Shows places by POST. A refusal is an answer as well (4xx); everything else throws NO_ANSWER or ANSWER_INVALID. */
export const overHttp =
  (url: string, withinMs = WITHIN_MS): Showing =>
  async (place, signal) => {
    const body = JSON.stringify(place)
    const type = 'application/json'
    const answer = await post({ url, type, body, maxBytes: MAX_WITNESS_BYTES, withinMs, signal })
    if (answer.status === 200 || (answer.status >= 400 && answer.status < 500)) return answer.body
    throw new VerbatimError('ANSWER_INVALID', `${url} answers with status ${answer.status}`)
  }
