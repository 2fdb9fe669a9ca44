/** E-mail of what is wrong: one message for all that came together. */
import { createTransport } from 'nodemailer'
import type { Severity } from '../../wire/health.ts'
import type { Notice, NoticeTarget } from './notice.ts'

export interface MailOptions {
  /** smtp://host:port or smtps://host:port */
  smtp: string
  login: { user: string; password: string } | null
  from: string
  to: readonly string[]
  severity: Severity
  region: string
}

const WITHIN_MS = 20_000
const WORDS: Record<Notice['why'], string> = {
  raised: 'New',
  escalated: 'Nobody has acknowledged',
  cleared: 'Over',
}

export const mail = ({ smtp, login, from, to, severity, region }: MailOptions): NoticeTarget => {
  const { protocol, hostname, port } = new URL(smtp)
  const secure = protocol === 'smtps:'
  const timeouts = { connectionTimeout: WITHIN_MS, greetingTimeout: WITHIN_MS, socketTimeout: WITHIN_MS }
  const transport = createTransport({
    ...{ host: hostname, port: port ? Number(port) : secure ? 465 : 587, secure, ...timeouts },
    ...(login ? { auth: { user: login.user, pass: login.password }, requireTLS: !secure } : {}),
    // Nothing of a message is ever read from a file or an address.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  return {
    name: `mail ${smtp} ${to.join(' ')}`,
    from: severity,
    send: async (notices) => {
      await transport.sendMail({ from, to: [...to], subject: subjectOf(notices), text: textOf(region, notices) })
    },
  }
}

const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ')

const subjectOf = (notices: readonly Notice[]): string => {
  const [{ why, row }, ...others] = notices as [Notice, ...Notice[]]
  return oneLine(
    `Verbatim: ${WORDS[why]}: ${row.room}: ${row.alarm.code}${others.length ? ` and ${others.length} more` : ''}`,
  )
}

const textOf = (region: string, notices: readonly Notice[]): string =>
  [
    oneLine(region),
    ...notices.map(({ why, row: { court, room, device, alarm, raisedAt } }) =>
      [
        `${WORDS[why]}: ${alarm.code}${alarm.about ? ` (${alarm.about})` : ''}, ${alarm.severity}${alarm.recording ? ', during a hearing' : ''}`,
        `  ${court}, ${room} (${device}), since ${raisedAt}`,
        `  ${alarm.text}`,
        `  ${alarm.toDo}`,
        `  ${alarm.detail}`,
      ]
        .map((line) => line.replaceAll(/\p{Cc}+/gu, ' '))
        .join('\n'),
    ),
  ].join('\n\n')
