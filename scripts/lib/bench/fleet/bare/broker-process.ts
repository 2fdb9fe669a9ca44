/** Our own broker with nothing beside it, in a process of its own. */
import { Broker } from '../../../../../controller/ports/broker/broker.ts'
import { type BrokerOrder, type FromBroker, READER, type ToBroker } from './bare-words.ts'

/** As the hub has it when its configuration does not say otherwise. */
const MESSAGES_PER_SECOND = 100

const say = (message: FromBroker): void => {
  if (process.connected) process.send?.(message)
}

const listen = async ({ members, tls }: BrokerOrder): Promise<void> => {
  const courts = new Map<string, string>(members.map(({ device, court }) => [device, court]))
  const broker = await Broker.start({
    ...{ host: '127.0.0.1', port: 0, tls, maxDevices: members.length + 100, messagesPerSecond: MESSAGES_PER_SECOND },
    admit: ({ name, court: shown }) => {
      if (name === READER) return { is: 'reader', name }
      const court = courts.get(name)
      return court !== undefined && (shown === null || shown === court) ? { is: 'device', device: name, court } : null
    },
    told: ({ code, client, why }) => {
      // All of them end at the end of the bench.
      if (code !== 'broken') console.error(`${code}: ${client}: ${why}`)
    },
  })
  say({ is: 'listening', port: broker.port })
}

process.on('message', ({ order }: ToBroker) => void listen(order))
process.on('disconnect', () => process.exit(1))
say({ is: 'up' })
