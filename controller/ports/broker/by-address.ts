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
  /** What was told of it. */
  told: Set<string>
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

  /** Whether it may stay, and wait for its turn. Counted until it closes. */
  take(socket: Socket): boolean {
    const { remoteAddress: address, remotePort: port } = socket
    if (address === undefined || port === undefined) return false
    const here = this.#addresses.get(address) ?? { all: 0, strangers: new Set(), told: new Set<string>() }
    const { connections } = this.limits
    if (here.all >= connections)
      return this.#refuse(address, here, `more than ${connections} connections from one address`)
    this.#addresses.set(address, here)
    here.all++
    socket.once('close', () => {
      here.all--
      here.strangers.delete(port)
      if (here.all === 0) this.#addresses.delete(address)
    })
    return true
  }

  /** Its turn has come: whether one more of its address may now say who it is. */
  greet(socket: Socket): boolean {
    const { remoteAddress: address, remotePort: port } = socket
    const here = address === undefined ? undefined : this.#addresses.get(address)
    if (!here || address === undefined || port === undefined) return false
    const { strangers } = this.limits
    if (here.strangers.size >= strangers)
      return this.#refuse(
        address,
        here,
        `more than ${strangers} connections from one address that do not say who they are`,
      )
    here.strangers.add(port)
    return true
  }

  /** It has shown who it is. */
  known({ remoteAddress: address, remotePort: port }: Pick<Socket, 'remoteAddress' | 'remotePort'>): void {
    if (address !== undefined && port !== undefined) this.#addresses.get(address)?.strangers.delete(port)
  }

  /** Each is told of once, until the address has no connection left. */
  #refuse(address: string, here: Neighbours, why: string): false {
    if (!here.told.has(why)) this.told(address, why)
    here.told.add(why)
    return false
  }
}
