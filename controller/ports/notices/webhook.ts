/** POST of JSON; with a key, `verbatim-signature: sha256=HEX` is the HMAC-SHA-256 of the body. */
import { createHmac } from 'node:crypto'
import { VerbatimError } from '../../base/error.ts'
import { post } from '../../base/post.ts'
import { utcText } from '../../base/units.ts'
import type { Severity } from '../../wire/health.ts'
import type { Notice, NoticeTarget } from './notice.ts'

export interface WebhookOptions {
  url: string
  secret: string | null
  from: Severity
  region: string
}

const ANSWER_BYTES = 64 << 10
const WITHIN_MS = 10_000

export const webhook = ({ url, secret, from, region }: WebhookOptions): NoticeTarget => ({
  name: `webhook ${url}`,
  from,
  send: async (notices) => {
    const body = bodyOf(region, notices)
    const signature = secret === null ? null : createHmac('sha256', secret).update(body).digest('hex')
    const headers: Record<string, string> = signature === null ? {} : { 'verbatim-signature': `sha256=${signature}` }
    const { status } = await post({
      url,
      type: 'application/json',
      body,
      headers,
      maxBytes: ANSWER_BYTES,
      withinMs: WITHIN_MS,
    })
    if (status < 200 || status >= 300) throw new VerbatimError('ANSWER_INVALID', `${url} answers ${status}`)
  },
})

/** `id` is the same when a notice is sent again, for whoever must not be told twice. */
const bodyOf = (region: string, notices: readonly Notice[]): string =>
  JSON.stringify({ region, sentAt: utcText(Date.now()), notices })
