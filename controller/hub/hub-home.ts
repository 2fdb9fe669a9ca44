/** What lies in the hub's home, but for the events: its keys, and its books of who belongs to the fleet and who may log in. */
import { join } from 'node:path'
import { makeFolders } from '../base/durable.ts'
import { Authority } from '../ports/authority/authority.ts'
import { ExpectedCodes } from '../ports/authority/expected-codes.ts'
import { ReaderRegister } from '../ports/authority/readers.ts'
import { AuthorityRegister } from '../ports/authority/register.ts'
import { AuditLog } from '../ports/console/audit-log.ts'
import { People } from '../ports/console/people.ts'
import { lockHome } from '../ports/event-store/lock-home.ts'
import { openWitnessKey, type WitnessKey } from '../ports/witness-book/witness-key.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import { Courts } from './courts.ts'
import { OperatorKey } from './operator-key.ts'

export interface HubHome {
  /** Lets another hub have it. */
  unlock: () => void
  authority: Authority
  register: AuthorityRegister
  expected: ExpectedCodes
  readers: ReaderRegister
  operator: OperatorKey
  witnessKey: WitnessKey
  courts: Courts
  people: People
  audit: AuditLog
}

/** For this hub alone; the first start makes it. Throws when another hub has it, and what cannot be read or made there. */
export const openHome = async ({ home, region, courts, certificates }: HubConfig): Promise<HubHome> => {
  await makeFolders(home)
  const unlock = await lockHome(home)
  const authorityHome = join(home, 'authority')
  return {
    unlock,
    operator: await OperatorKey.open(home),
    witnessKey: await openWitnessKey(join(home, 'witness')),
    authority: await Authority.open({ home: authorityHome, region, days: certificates.days }),
    register: await AuthorityRegister.open(authorityHome),
    expected: await ExpectedCodes.open(authorityHome),
    readers: await ReaderRegister.open(authorityHome),
    courts: await Courts.open(home, region, courts),
    people: await People.open(home),
    audit: await AuditLog.open(home),
  }
}
