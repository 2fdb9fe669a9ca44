import type { Logger } from '../base/log.ts'
import { SECOND_MS } from '../base/units.ts'
import type { Authority, TlsFiles } from '../ports/authority/authority.ts'
import type { HubBroker } from './hub-broker.ts'
import { OwnDuty } from './own-duty.ts'

export interface RenewingOptions {
  authority: Authority
  /** In the certificate that the hub shows. */
  names: readonly string[]
  /** What it shows now. */
  shown: TlsFiles
  broker: HubBroker
  web: { showCertificate: (files: TlsFiles) => void }
  /** What kept it from being renewed; null when it is well. */
  told: (fault: unknown) => void
  log: Logger
}

const LOOK_MS = 60 * SECOND_MS

/** The hub's own certificates: they end while it runs, or were made when the clock of the machine was wrong. */
export const renewing = ({ authority, names, broker, web, told, log, ...options }: RenewingOptions): OwnDuty => {
  let { shown } = options
  return new OwnDuty({
    ...{ everyMs: LOOK_MS, told },
    do: async () => {
      const [files] = await Promise.all([authority.serverFiles(names), broker.renewOwn()])
      if (files.cert !== shown.cert) {
        shown = files
        broker.showCertificate(files)
        web.showCertificate(files)
        log.info('the hub shows a new certificate')
      }
      if (authority.unrenewed !== null) throw authority.unrenewed
    },
  })
}
