/** The broker of a region, whichever it is: what the hub has to do with it besides speaking. */
import type { Logger } from '../base/log.ts'
import type { TlsFiles } from '../ports/authority/authority.ts'
import type { Way } from '../ports/hub-link/hub-link.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import { openEmbeddedBroker } from './embedded-broker.ts'
import type { HubHome } from './hub-home.ts'
import { openOutsideBroker } from './outside-broker.ts'

export interface HubBroker {
  /** Of the hub itself. */
  way: Way
  /** The address that devices are told. */
  mqtt: string
  /** It has to know who may connect, as it is now. To be called at the start; later it is also told by itself. */
  tellRights: () => void
  /** A device was revoked. */
  kick: (device: string) => void
  kickReader: (name: string) => void
  /** Another certificate for those who come from now on. */
  showCertificate: (files: TlsFiles) => void
  /** Renews what the hub connects with, when it is about to end. */
  renewOwn: () => Promise<void>
  stop: () => Promise<void>
}

export interface BrokerSays {
  log: Logger
  /** Somebody else has connected as this device. */
  takenOver: (device: string) => void
  /** What kept it from knowing who may connect; null when it knows. */
  rightsTold: (fault: unknown) => void
}

/** Throws what listening does, and CONFIG_UNREADABLE. */
export const openBroker = (config: HubConfig, home: HubHome, says: BrokerSays): Promise<HubBroker> => {
  const { broker } = config
  return broker.kind === 'outside'
    ? openOutsideBroker(broker, config.home, home, says)
    : openEmbeddedBroker(broker, config.web.names, home, says)
}
