import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import { DAY_MS, SECOND_MS } from '../base/units.ts'
import { SLOT_SECONDS } from '../core/roster/metric-average.ts'
import type { EventStore } from '../ports/event-store/event-store.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import { AgeClock } from './age-clock.ts'

const TIDY_MS = 600 * SECOND_MS

/** Removes what is older, or more, than is to be kept. Ends with what it returns. */
export const startTidying = (store: EventStore, keep: HubConfig['keep'], log: Logger): (() => void) => {
  const ages = new AgeClock(store.read.storedLastMs(), now().atMs)
  const tidy = (): void => {
    const nowMs = ages.read(now())
    const olderThanMs = nowMs - keep.eventDays * DAY_MS
    const historyBeforeSlot = Math.floor((nowMs - keep.historyDays * DAY_MS) / SECOND_MS / SLOT_SECONDS)
    store.tidy({ olderThanMs, bytes: keep.eventGigabytes * 1e9, historyBeforeSlot }).then(
      (removed) => removed && log.info({ removed }, 'old events were removed'),
      (fault: unknown) => log.error({ code: 'EVENTS_UNKEPT' }, messageOf(fault)),
    )
  }
  const timer = setInterval(tidy, TIDY_MS)
  return () => clearInterval(timer)
}
