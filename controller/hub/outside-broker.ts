/** A broker outside, at which the hub is a client as others are; it is told who may connect, and ends connections itself. */
import type { BrokerSays, HubBroker } from './hub-broker.ts'
import type { HubHome } from './hub-home.ts'
import { isPlain, type Outside, outsideFiles } from './outside-files.ts'
import { rightsTelling } from './rights-telling.ts'

/** @param folder of the hub */
export const openOutsideBroker = async (
  wanted: Outside,
  folder: string,
  home: HubHome,
  says: BrokerSays,
): Promise<HubBroker> => {
  const { authority, register } = home
  const files = () => outsideFiles(wanted, authority)
  // What is wrong at the start is told at once, and no retry hides it.
  await files()
  const telling = rightsTelling(wanted, folder, home, says)
  const tellRights = () => telling?.now()
  register.onChanged = tellRights
  return {
    way: { is: 'outside', urls: wanted.urls, tls: isPlain(wanted.urls) ? null : files },
    mqtt: wanted.publicUrl,
    tellRights,
    kick: () => {},
    kickReader: () => {},
    showCertificate: () => {},
    renewOwn: async () => void (await authority.hubFiles()),
    stop: async () => telling?.end(),
  }
}
