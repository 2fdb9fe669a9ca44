/** The hub's own broker: asks the books of the authority about each that comes, and so needs not be told. */
import { READER_PREFIX } from '../ports/authority/authority.ts'
import { Broker } from '../ports/broker/broker.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import type { BrokerSays, HubBroker } from './hub-broker.ts'
import type { HubHome } from './hub-home.ts'

type Embedded = Extract<HubConfig['broker'], { kind: 'embedded' }>

/** @param names in its certificate; devices are told the first */
export const openEmbeddedBroker = async (
  { host, port, maxDevices, maxPerAddress, messagesPerSecond }: Embedded,
  names: readonly string[],
  { authority, register, readers }: HubHome,
  { log, takenOver }: BrokerSays,
): Promise<HubBroker> => {
  const broker = await Broker.start({
    ...{ host, port, maxDevices, messagesPerSecond, tls: await authority.serverFiles(names) },
    ...(maxPerAddress === undefined ? {} : { maxPerAddress }),
    admit: ({ name, court, serial }) => {
      if (name.startsWith(READER_PREFIX))
        return serial !== null && readers.isGood(name, serial) ? { is: 'reader', name } : null
      if (court === null || serial === null || !register.isGood(name, serial)) return null
      return { is: 'device', device: name, court }
    },
    told: ({ code, client, address, why }) => {
      if (code === 'taken-over') takenOver(client)
      log.warn({ code, client, address }, why)
    },
  })
  return {
    way: { is: 'inside', open: () => broker.connectInside() },
    mqtt: `mqtts://${names[0] ?? 'localhost'}:${broker.port}`,
    tellRights: () => {},
    kick: (device) => broker.kick(device),
    kickReader: (name) => broker.kickReader(name),
    showCertificate: (files) => broker.showCertificate(files),
    renewOwn: async () => {},
    stop: () => broker.stop(),
  }
}
