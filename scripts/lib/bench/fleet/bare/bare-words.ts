/** What the bench of bare brokers and its processes say to each other. */
import type { TlsFiles } from '../../../../../controller/ports/authority/authority.ts'
import type { CourtId, DeviceId } from '../../../../../controller/wire/fleet/name.ts'

export interface Member {
  court: CourtId
  device: DeviceId
}

/** The subscriber to all, at our own broker: no device, and not the hub either. */
export const READER = 'reader-bench'

export interface ClientsOrder {
  clients: readonly Member[]
  /** Of the broker; with several the clients are spread over them. */
  ports: readonly number[]
  /** File with what each of them connects with; null without TLS. */
  memberships: string | null
  /** Connections of this process that are on their way at once. */
  opening: number
  /** From one message of a client to its next. */
  everyMs: number
}

export type ToClients = { do: 'prepare'; order: ClientsOrder } | { do: 'connect' } | { do: 'talk' } | { do: 'rest' }

export interface Said {
  said: number
  /** From a message to its PUBACK, for each that has one. */
  latenciesMs: number[]
  /** Connections that ended by themselves. */
  ended: number
}

export type FromClients = { is: 'up' } | { is: 'ready' } | { is: 'in' } | ({ is: 'said' } & Said)

export interface BrokerOrder {
  members: readonly Member[]
  /** Null for a listener without TLS. */
  tls: TlsFiles | null
}

export interface ToBroker {
  do: 'listen'
  order: BrokerOrder
}

export type FromBroker = { is: 'up' } | { is: 'listening'; port: number }
