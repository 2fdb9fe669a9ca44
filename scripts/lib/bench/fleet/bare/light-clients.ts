/** All light clients, in several processes, as one thing that connects, talks and dies. */
import { TalkingChild } from '../../../fleet/talking-child.ts'
import type { ClientsOrder, FromClients, Said, ToClients } from './bare-words.ts'

type Child = TalkingChild<ToClients, FromClients>
const FILE = 'scripts/lib/bench/fleet/bare/clients-process.ts'

export class LightClients {
  private constructor(private readonly children: readonly Child[]) {}

  /** With all that they need, and not connected yet. */
  static async start(root: string, processes: number, order: ClientsOrder): Promise<LightClients> {
    const clients = new LightClients(Array.from({ length: processes }, () => new TalkingChild(root, FILE)))
    const share = Math.ceil(order.clients.length / processes)
    const opening = Math.ceil(order.opening / processes)
    try {
      await Promise.all(clients.children.map((child) => child.heard('up')))
      await clients.#all('ready', (place) => ({
        do: 'prepare',
        order: { ...order, opening, clients: order.clients.slice(place * share, (place + 1) * share) },
      }))
    } catch (thrown) {
      await clients.kill()
      throw thrown
    }
    return clients
  }

  /** Resolves when all of them are in. Rejects when one is not taken in; its process has said why. */
  async connect(): Promise<void> {
    await this.#all('in', () => ({ do: 'connect' }))
  }

  talk(): void {
    for (const child of this.children) child.tell({ do: 'talk' })
  }

  /** They say no more, and stay connected. */
  async rest(): Promise<Said> {
    const all = await this.#all('said', () => ({ do: 'rest' }))
    return {
      said: all.reduce((sum, { said }) => sum + said, 0),
      latenciesMs: all.flatMap(({ latenciesMs }) => latenciesMs),
      ended: all.reduce((sum, { ended }) => sum + ended, 0),
    }
  }

  /** Without a word: their wills are for the broker to say. */
  async kill(): Promise<void> {
    await Promise.all(this.children.map((child) => child.kill()))
  }

  #all<Is extends FromClients['is']>(is: Is, order: (place: number) => ToClients) {
    return Promise.all(
      this.children.map((child, place) => {
        const answer = child.heard(is)
        child.tell(order(place))
        return answer
      }),
    )
  }
}
