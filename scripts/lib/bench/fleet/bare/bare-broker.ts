/** A broker alone, on this machine: ours in a process of its own, Mosquitto, or NATS. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { Authority, HUB_NAME, type TlsFiles } from '../../../../../controller/ports/authority/authority.ts'
import { type BrokerNodes, type OutsideKind, startBrokerNodes } from '../../../fleet/broker-nodes.ts'
import type { EnrolledFleet } from '../../../fleet/enrolled-fleet.ts'
import { startOutsideBroker } from '../../../fleet/outside-broker.ts'
import { TalkingChild } from '../../../fleet/talking-child.ts'
import type { Measured } from '../measure.ts'
import type { BrokerKind } from '../options.ts'
import { type FromBroker, type Member, READER, type ToBroker } from './bare-words.ts'

export interface BareBroker {
  ports: readonly number[]
  measured: readonly Measured[]
  /** Who may hear all devices; without TLS everybody may, but our own broker. */
  listener: { clientId: string; tls: TlsFiles | null }
  stop: () => Promise<void>
}

export interface BareBrokerOptions {
  root: string
  /** Configurations and what it writes lie here. */
  dir: string
  kind: BrokerKind
  members: readonly Member[]
  /** Null without TLS. */
  secure: EnrolledFleet | null
}

/** As programs are bundled: what reads TypeScript as it comes would be weighed with the broker, with some 35 MB. */
const bundled = async (dir: string): Promise<string> => {
  const outfile = join(dir, 'broker-process.cjs')
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'broker-process.ts')], outfile, bundle: true, logLevel: 'warning' },
    ...{ platform: 'node', format: 'cjs', target: 'node20' },
  })
  return outfile
}

const startEmbedded = async ({ root, dir, members, secure }: BareBrokerOptions): Promise<BareBroker> => {
  const authority = secure && (await Authority.open({ home: secure.authority, region: secure.region, days: 365 }))
  const child = new TalkingChild<ToBroker, FromBroker>(root, await bundled(dir))
  try {
    await child.heard('up')
    const listening = child.heard('listening')
    const tls = authority && (await authority.serverFiles(['localhost']))
    child.tell({ do: 'listen', order: { members, tls } })
    return {
      ports: [(await listening).port],
      measured: [{ name: 'broker', pids: () => [child.pid] }],
      listener: { clientId: READER, tls: authority && (await authority.issueReader(READER.replace('reader-', ''))) },
      stop: () => child.kill(),
    }
  } catch (thrown) {
    await child.kill()
    throw thrown
  }
}

const startOutside = async (kind: OutsideKind, { dir, secure }: BareBrokerOptions): Promise<BareBroker> => {
  const of = ({ ports, nodes, stop }: BrokerNodes, tls: TlsFiles | null): BareBroker => ({
    ...{ ports, stop, listener: { clientId: HUB_NAME, tls } },
    measured: nodes.map((node) => ({ name: node.name, pids: () => node.pids })),
  })
  if (!secure) {
    const own = join(dir, `${kind}-plain`)
    rmSync(own, { recursive: true, force: true })
    mkdirSync(own, { recursive: true })
    return of(await startBrokerNodes(kind, own, true), null)
  }
  const outside = await startOutsideBroker(kind, dir, secure)
  const [ca, cert, key] = [outside.config.ca!, outside.config.cert!, outside.config.key!].map((file) =>
    readFileSync(file, 'utf8'),
  ) as [string, string, string]
  return of(outside, { ca, cert, key })
}

export const startBareBroker = (options: BareBrokerOptions): Promise<BareBroker> =>
  options.kind === 'embedded' ? startEmbedded(options) : startOutside(options.kind, options)
