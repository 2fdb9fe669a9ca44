/** What this device is in the fleet, wherever that comes from: enrolled with a hub, or certificates of the court's own. */
import { readFileSync } from 'node:fs'
import { type Member, tlsFilesOf } from '../../ports/enrolment/member-file.ts'
import type { Credentials } from '../../ports/uplink/connection.ts'
import type { FleetConfig } from '../../wire/config.ts'

export interface Membership {
  court: string
  device: string
  /** Address of the broker. */
  url: string
  /** Null where nobody may give orders. */
  operatorKey: string | null
  /** Id of the witness' key; null when it is not told. */
  witness: string | null
  /** Null without TLS. */
  credentials: Credentials | null
}

export const ofMember = (member: Member): Membership => ({
  ...{ court: member.court, device: member.device, url: member.mqtt },
  ...{ operatorKey: member.operatorKey, witness: member.witness, credentials: tlsFilesOf(member) },
})

/** Throws what the file system throws. */
export const ofConfig = ({
  court,
  device,
  url,
  operatorKey,
  ca,
  cert,
  key,
}: NonNullable<FleetConfig['mqtt']>): Membership => ({
  ...{ court, device, url, operatorKey: operatorKey ?? null, witness: null },
  credentials:
    ca && cert && key
      ? { ca: readFileSync(ca, 'utf8'), cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
      : null,
})
