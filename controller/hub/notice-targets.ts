import { readFileSync } from 'node:fs'
import { messageOf, VerbatimError } from '../base/error.ts'
import { mail } from '../ports/notices/mail.ts'
import type { NoticeTarget } from '../ports/notices/notice.ts'
import { webhook } from '../ports/notices/webhook.ts'
import type { HubConfig } from '../wire/hub-config.ts'

/** A secret in a file of its own. Throws CONFIG_UNREADABLE. */
export const secretIn = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new VerbatimError('CONFIG_UNREADABLE', `${path}: ${messageOf(cause)}`, { cause })
  }
}

export const noticeTargets = ({ region, mail: letters, webhooks }: HubConfig): NoticeTarget[] => [
  ...webhooks.map(({ url, secretFile, from_severity: from }) =>
    webhook({ url, secret: secretFile === undefined ? null : secretIn(secretFile), from, region }),
  ),
  ...(letters ? [mailTarget(region, letters)] : []),
]

const mailTarget = (region: string, letters: NonNullable<HubConfig['mail']>): NoticeTarget => {
  const { smtp, user, passwordFile, from, to, from_severity: severity } = letters
  const login = user === undefined ? null : { user, password: passwordFile === undefined ? '' : secretIn(passwordFile) }
  return mail({ smtp, login, from, to, severity, region })
}
