/**
 * How many connections come from one address, and how many of them have not shown yet who they are. Whole courts, or all
 * of a region behind one VPN, may share an address, so that the first has a generous bound; a device is a stranger for a
 * moment only, so that the second has a small one: who holds connections open and says nothing cannot take every place.
 */
import type { Socket } from 'node:net'

interface Neighbours {
  all: number
  /** Ports. */
  strangers: Set<number>
  isTold: boolean
}

export interface AddressLimits {
  connections: number
  strangers: number
}

export class ByAddress {
  readonly #addresses = new Map<string, Neighbours>()

  constructor(
    private readonly limits: AddressLimits,
    private readonly told: (address: string, why: string) => void,
  ) {}

  /** Whether it may stay. Counted until it closes; told of once, until the address has none left. */
  take(socket: Socket): boolean {
    const { remoteAddress: address, remotePort: port } = socket
    if (address === undefined || port === undefined) return false
    const here = this.#addresses.get(address) ?? { all: 0, strangers: new Set(), isTold: false }
    const { connections, strangers } = this.limits
    const isFull = here.all >= connections
    if (isFull || here.strangers.size >= strangers) {
      const why = isFull
        ? `more than ${connections} connections from one address`
        : `more than ${strangers} connections from one address that do not say who they are`
      if (!here.isTold) this.told(address, why)
      here.isTold = true
      return false
    }
    this.#addresses.set(address, here)
    here.all++
    here.strangers.add(port)
    socket.once('close', () => {
      here.all--
      here.strangers.delete(port)
      if (here.all === 0) this.#addresses.delete(address)
    })
    return true
  }

  /** It has shown who it is. */
  known({ remoteAddress: address, remotePort: port }: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    if (address !== undefined && port !== undefined) this.#addresses.get(address)?.strangers.delete(port)
  }
}
