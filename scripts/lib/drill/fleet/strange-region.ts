/** A region at whose doors strangers try: some rooms, papers good and bad, and raw connections with any of them. */
import { once } from 'node:events'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { DAY_MS } from '../../../../controller/base/units.ts'
import { Authority, type TlsFiles } from '../../../../controller/ports/authority/authority.ts'
import { keysIn } from '../../../../controller/ports/authority/certificate-request.ts'
import { AuthorityRegister } from '../../../../controller/ports/authority/register.ts'
import { csrOf, enrolledDevice, pemOf } from '../../../../test/builders/fleet-keys.ts'
import { makeKey, type TestKey } from '../../../../test/builders/signed.ts'
import { RawClient } from '../../../../test/conformance/mqtt/raw-client.ts'
import type { DrillPlace, Finding } from './drill.ts'
import { SmallRegion } from './small-region.ts'

export const STRANGE_COURT = 'drill-court'
/** Those with a key for journals, by their enrolment. */
export const WITNESSED = ['vb-witnessed222222a', 'vb-witnessed222222b'] as const
const EXPIRED = 'vb-expired222222222'

export interface Witnessed {
  device: string
  files: TlsFiles
  key: TestKey
}

export class StrangeRegion {
  private constructor(
    readonly region: SmallRegion,
    private readonly elsewhere: string,
    readonly witnessed: readonly [Witnessed, Witnessed],
    /** Enrolled, and over by its date. */
    readonly expired: { device: string; files: TlsFiles },
  ) {}

  static async start(place: DrillPlace): Promise<StrangeRegion> {
    const region = await SmallRegion.start(place, 5)
    await region.hub.stop()
    const register = await AuthorityRegister.open(join(region.home, 'authority'))
    const [authority, before] = [
      await region.authority(),
      await region.authority(1, () => new Date(Date.now() - 90 * DAY_MS)),
    ]
    const expired = { device: EXPIRED, files: await enrolledDevice(before, register, EXPIRED, STRANGE_COURT) }
    const witnessed = async (device: string): Promise<Witnessed> => {
      const key = makeKey()
      const files = await enrolledDevice(authority, register, device, STRANGE_COURT, key.publicKey)
      return { device, files, key }
    }
    const both = [await witnessed(WITNESSED[0]), await witnessed(WITNESSED[1])] as const
    await region.hub.start()
    await region.look()
    return new StrangeRegion(region, join(place.home, 'elsewhere'), both, expired)
  }

  /** Of an enrolled room. */
  filesOf(number: number): TlsFiles {
    return this.region.memberships[this.region.rooms[number]!.device]!.credentials!
  }

  /** The same names as a room has, and no line in the register; signed by somebody else, or by ours. */
  async forged(number: number, by: 'somebody' | 'ours'): Promise<TlsFiles> {
    const { device, court } = this.region.rooms[number]!
    const authority =
      by === 'ours'
        ? await this.region.authority()
        : await Authority.open({ home: this.elsewhere, region: 'Drill', days: 1 })
    const { csr, key } = await csrOf(device)
    const { certificates } = await authority.issueDevice(
      court.id,
      device,
      device,
      await keysIn({ csr, evidenceKey: null, evidenceProof: null }),
    )
    return { ca: this.filesOf(number).ca, cert: pemOf(certificates.tls[0]!), key }
  }

  /** A TLS connection without CONNECT; the broker may still close it. */
  async open(files: Partial<TlsFiles>): Promise<RawClient> {
    const where = { host: '127.0.0.1', port: this.region.mqttPort, servername: 'localhost' }
    const socket = connect({ ca: this.filesOf(0).ca, ...files, ...where })
    socket.on('error', () => {})
    await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')])
    return new RawClient(socket)
  }

  /** Null when it is not let in. */
  async enter(files: Partial<TlsFiles>, clientId: string): Promise<RawClient | null> {
    const client = await this.open(files)
    const connack = await client.connect({ clientId, keepalive: 300 }).catch(() => null)
    return connack?.returnCode === 0 ? client : null
  }

  /** Throws when a room of the region is not let in. */
  async device(number: number): Promise<RawClient> {
    const { device } = this.region.rooms[number]!
    const client = await this.enter(this.filesOf(number), device)
    if (!client) throw new Error(`${device} is not let in`)
    return client
  }
}

export const finding = (what: string, wanted: string, seen: string): Finding => ({
  ...{ what, wanted, seen, isWell: wanted === seen },
})
