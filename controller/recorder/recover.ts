/** At start: finds the hearing that was left open, takes up its journal, and tells the core where it stood. */
import { join } from 'node:path'
import { onEachStore } from '../base/each-store.ts'
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import { reason } from '../base/reason.ts'
import { cutTornEnd } from '../base/torn-end.ts'
import type { OpenHearing } from '../core/event.ts'
import { readOpenHearing } from '../ports/recovery/open-hearing.ts'
import type { RegisteredHearing } from '../wire/clerk.ts'
import type { Config } from '../wire/config.ts'
import type { Appliance } from './appliance.ts'

/** A power cut soon after STOP tears a line too. Only the latest hearings can be concerned. */
const LATEST = 10

const cutTornEnds = async (hearings: RegisteredHearing[], { stores }: Config): Promise<void> => {
  const closed = hearings.filter(({ state }) => state === 'closed').slice(-LATEST)
  await onEachStore(stores, async ({ path }, alive) => {
    for (const { id } of closed) {
      await cutTornEnd(join(path, id, 'journal.ndjson')).catch(() => {})
      alive()
    }
  })
}

/**
 * Living workers know which hearing is being recorded; without them it is the latest that was left open, for there is
 * only one at a time. Older ones that were never closed stay as they are and are named by the check.
 * @param hearings what lies in the folders, oldest first: they are the truth, not the register
 * @param living hearings that workers take part in
 */
export const recoverHearing = async (
  config: Config,
  boot: string,
  hearings: RegisteredHearing[],
  living: ReadonlySet<string>,
  appliance: Appliance,
  log: Logger,
): Promise<OpenHearing | null> => {
  await cutTornEnds(hearings, config)
  const open = hearings.filter(({ state }) => state === 'open')
  const last = open.findLast(({ id }) => living.has(id)) ?? open.at(-1)
  if (!last) return null
  const found = await readOpenHearing(last.id, config.stores, boot)
  if (!found) return null
  log.warn({ hearing: last.id }, 'a hearing was left open; it is taken up again')
  const journal = appliance.newJournal(last.id, { at: found.at, ends: found.ends })
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
