import { join } from 'node:path'
import { DAY_MS } from '../base/units.ts'
import { BrokerRights } from '../ports/broker-rights/broker-rights.ts'
import type { Rights } from '../ports/broker-rights/rights.ts'
import { takePlace } from '../ports/broker-rights/take-place.ts'
import type { BrokerSays } from './hub-broker.ts'
import type { HubHome } from './hub-home.ts'
import { isPlain, type Outside, outsideFiles } from './outside-files.ts'
import { OwnDuty } from './own-duty.ts'

type Books = Pick<HubHome, 'authority' | 'register' | 'readers'>

const isRevoked = ({ revokedAt }: { revokedAt: string | null }): boolean => revokedAt !== null

const rightsIn = async ({ authority, register, readers }: Books): Promise<Rights> => {
  const devices = [...register.devices()]
  const goneReaders = readers.list().filter(isRevoked)
  return {
    members: devices.filter((device) => !isRevoked(device)),
    readers: readers.names(),
    revoked: [...devices.filter(isRevoked).map(({ device }) => device), ...goneReaders.map(({ name }) => name)],
    crl: await authority.crl([...register.revoked(new Date()), ...readers.revoked(new Date())]),
  }
}

/**
 * Tells an outside broker who may connect: at the start, at each change, and daily, for its list of revoked ones ends.
 * @param folder of the hub; the broker's files lie in one below
 * @returns null for a broker that somebody else tells
 */
export const rightsTelling = (
  wanted: Outside,
  folder: string,
  home: Books,
  { log, rightsTold }: BrokerSays,
): OwnDuty | null => {
  const { urls, rights: broker, reload } = wanted
  if (broker === 'none') return null
  const putOut = async (name: string): Promise<void> => {
    const { authority } = home
    const [{ cert, key }, { ca }] = [await authority.issuePlaceTaker(name), await outsideFiles(wanted, authority)]
    await takePlace(name, { url: urls[0]!, ca, cert, key })
    log.info({ name }, 'the connection of one who is revoked was ended')
  }
  const rights = new BrokerRights({
    ...{ broker, folder: join(folder, 'broker'), reload, rights: () => rightsIn(home) },
    ...(broker === 'mosquitto' && !isPlain(urls) ? { putOut } : {}),
  })
  return new OwnDuty({
    everyMs: DAY_MS,
    told: rightsTold,
    do: async () => {
      await rights.tell()
      log.info('the broker knows who may connect')
    },
  })
}
