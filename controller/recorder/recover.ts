/** At start: finds the hearing that was left open, takes up its journal, and tells the core where it stood. */
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import { reason } from '../base/reason.ts'
import type { OpenHearing } from '../core/event.ts'
import { findHearings } from '../ports/evidence/find-hearings.ts'
import { SegmentEnds } from '../ports/journal/segment-ends.ts'
import { readOpenHearing } from '../ports/recovery/open-hearing.ts'
import type { Config } from '../wire/config.ts'
import type { Appliance } from './appliance.ts'

/**
 * The latest open hearing is the one; there is only one at a time. Older ones that were never closed stay as they are
 * and are named by the check. The folders are asked, not the register: they are the truth.
 */
export const recoverHearing = async (
  config: Config,
  boot: string,
  appliance: Appliance,
  log: Logger,
): Promise<OpenHearing | null> => {
  const hearings = await findHearings(config.stores.map(({ path }) => path))
  const last = hearings.filter(({ state }) => state === 'open').at(-1)
  if (!last) return null
  const ends = new SegmentEnds()
  const found = await readOpenHearing(last.id, config.stores, boot, (entry) => ends.know(entry))
  if (!found) return null
  log.warn({ hearing: last.id }, 'a hearing was left open; it is taken up again')
  const journal = appliance.newJournal(last.id, { at: found.at, ends })
  for (const store of found.stores) journal.join(store)
  appliance.takeUp(journal)
  for (const { store, bytes } of found.torn)
    journal.append(now(), {
      kind: 'tail',
      store,
      file: 'journal.ndjson',
      offset: found.at.bytes,
      bytes,
      why: reason('The last line of the journal was torn by the interruption.', `${bytes} bytes cut off`),
    })
  return found.open
}
