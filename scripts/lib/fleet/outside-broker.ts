/** A broker beside the hub, which knows the devices that are enrolled: by the configurations of `hardware/fleet`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { AuthorityRegister } from '../../../controller/ports/authority/register.ts'
import { BrokerRights } from '../../../controller/ports/broker-rights/broker-rights.ts'
import type { HubConfig } from '../../../controller/wire/hub-config.ts'
import { type BrokerNodes, type OutsideKind, startBrokerNodes } from './broker-nodes.ts'
import type { EnrolledFleet } from './enrolled-fleet.ts'

export interface OutsideBroker extends BrokerNodes {
  /** Devices are told this. The hub is at the first of its addresses. */
  publicUrl: string
  config: Extract<z.input<typeof HubConfig>['broker'], { kind: 'outside' }>
}

/** It knows the devices of this fleet, and nobody else: what NATS does for a connection grows with their number. */
export const startOutsideBroker = async (
  kind: OutsideKind,
  home: string,
  { authority: authorityHome, region, devices }: EnrolledFleet,
): Promise<OutsideBroker> => {
  const dir = join(home, kind)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const authority = await Authority.open({ home: authorityHome, region, days: 365 })
  const register = await AuthorityRegister.open(authorityHome)
  const [server, own] = [await authority.serverFiles(['localhost']), await authority.hubFiles()]
  const files = { 'authority.pem': server.ca, 'server.pem': server.cert, 'server-key.pem': server.key }
  for (const [name, text] of Object.entries({ ...files, 'hub.pem': own.cert, 'hub-key.pem': own.key }))
    writeFileSync(join(dir, name), text, { mode: 0o600 })
  const members = [...register.devices()].filter(({ device }) => devices.has(device))
  await new BrokerRights({
    ...{ broker: kind, folder: join(dir, 'broker'), reload: [] },
    rights: async () => ({ members, readers: [], revoked: [], crl: await authority.crl([]) }),
  }).tell()
  const nodes = await startBrokerNodes(kind, dir, false)
  const urls = nodes.ports.map((port) => `mqtts://localhost:${port}`)
  const publicUrl = `mqtts://${nodes.ports.map((port) => `localhost:${port}`).join(',')}`
  return {
    ...{ ...nodes, publicUrl },
    config: {
      ...{ kind: 'outside', urls, publicUrl, rights: 'none' },
      ...{ ca: join(dir, 'authority.pem'), cert: join(dir, 'hub.pem'), key: join(dir, 'hub-key.pem') },
    },
  }
}
