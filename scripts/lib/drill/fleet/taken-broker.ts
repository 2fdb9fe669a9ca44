/** A broker that somebody has taken, with all its papers: devices come to it, and it says to them what it likes. */
import { Broker } from '../../../../controller/ports/broker/broker.ts'
import { RawClient } from '../../../../test/conformance/mqtt/raw-client.ts'
import type { SmallRegion } from './small-region.ts'

export class TakenBroker {
  private constructor(
    private readonly broker: Broker,
    private readonly liar: RawClient,
  ) {}

  /** @param port where the region's own was */
  static async start(region: SmallRegion, port: number): Promise<TakenBroker> {
    const tls = await (await region.authority()).serverFiles(['localhost'])
    const broker = await Broker.start({
      ...{ host: '127.0.0.1', port, tls, maxDevices: 100, messagesPerSecond: 1_000, told: () => {} },
      admit: ({ name, court }) => (court ? { is: 'device', device: name, court } : null),
    })
    const liar = new RawClient(broker.connectInside())
    if ((await liar.connect({ clientId: 'hub' }))?.returnCode !== 0) throw new Error('its own client is refused')
    return new TakenBroker(broker, liar)
  }

  async say(topic: string, payload: string | Buffer, retain = false): Promise<void> {
    await this.liar.publish(topic, payload, { retain })
  }

  async stop(): Promise<void> {
    await this.liar.drop()
    await this.broker.stop()
  }
}
