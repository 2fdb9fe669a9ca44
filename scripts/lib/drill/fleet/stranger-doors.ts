/** Who is let in: papers of every wrong kind at the hub's broker. */
import type { TlsFiles } from '../../../../controller/ports/authority/authority.ts'
import type { DrillPlace, Finding } from './drill.ts'
import { finding, type StrangeRegion } from './strange-region.ts'

const [MINE, OTHER, REVOKED] = [0, 1, 2]

export const knockAtDoors = async ({ say }: DrillPlace, strange: StrangeRegion): Promise<Finding[]> => {
  say('papers of every wrong kind ...')
  const { region, expired } = strange
  const nameOf = (number: number): string => region.rooms[number]!.device
  const other = await strange.device(OTHER)
  const tried = async (files: Partial<TlsFiles>, clientId: string): Promise<string> => {
    const client = await strange.enter(files, clientId)
    await client?.drop()
    return client ? 'let in' : 'refused'
  }
  const reader = await (await region.authority()).issueReader('stranger')
  const findings = [
    finding('its own certificate and name', 'let in', await tried(strange.filesOf(MINE), nameOf(MINE))),
    finding("another's client id than the certificate's", 'refused', await tried(strange.filesOf(MINE), nameOf(OTHER))),
    finding("the hub's client id", 'refused', await tried(strange.filesOf(MINE), 'hub')),
    finding("a reader's client id", 'refused', await tried(strange.filesOf(MINE), 'reader-stranger')),
    finding("a reader with a device's client id", 'refused', await tried(reader, nameOf(OTHER))),
    finding('no certificate', 'refused', await tried({}, nameOf(MINE))),
    finding(
      'the same names, by another authority',
      'refused',
      await tried(await strange.forged(MINE, 'somebody'), nameOf(MINE)),
    ),
    finding(
      'the same names, by ours, and not in the register',
      'refused',
      await tried(await strange.forged(MINE, 'ours'), nameOf(MINE)),
    ),
    finding('enrolled, and over by its date', 'refused', await tried(expired.files, expired.device)),
    finding('the other device, meanwhile', 'stays', (await other.ping()) ? 'stays' : 'is closed'),
  ]
  await other.leave()
  return [...findings, ...(await revoke(strange, nameOf(REVOKED)))]
}

const revoke = async (strange: StrangeRegion, device: string): Promise<Finding[]> => {
  const { region } = strange
  const client = await strange.device(REVOKED)
  const { court } = region.rooms[REVOKED]!
  await region.console.ask('revoke', { court: court.id, device })
  const closed = await client.closed().then(
    () => 'closed',
    () => 'open',
  )
  const again = async (): Promise<string> =>
    (await strange.enter(strange.filesOf(REVOKED), device)) ? 'let in' : 'refused'
  const before = await again()
  await region.hub.kill()
  await region.hub.start()
  await region.look()
  return [
    finding('revoked while it is connected', 'closed', closed),
    finding('it comes again; after kill -9 of the hub too', 'refused, refused', `${before}, ${await again()}`),
  ]
}
