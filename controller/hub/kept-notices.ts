import type { Logger } from '../base/log.ts'
import type { EventStore } from '../ports/event-store/event-store.ts'
import { Notices } from '../ports/notices/notices.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import { noticeTargets } from './notice-targets.ts'

/** Mails and webhooks; what could not be sent yet lies in the store, and goes out after the next start. */
export const keptNotices = (config: HubConfig, store: EventStore, log: Logger): Notices =>
  new Notices({
    targets: noticeTargets(config),
    shelf: {
      keep: (id, target, text) => store.writeLater({ name: 'keepNotice', values: [id, target, text, 1, Date.now()] }),
      drop: (id) => store.writeLater({ name: 'dropNotice', values: [id] }),
      kept: () => store.read.notices().map(({ id, target, body }) => ({ id, target, text: body })),
    },
    complain: (text) => log.warn({ code: 'NO_ANSWER' }, text),
  })
