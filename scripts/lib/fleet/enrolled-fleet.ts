/** The fleet of benches and drills, enrolled: certificates are made once, and stay for the next time. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { roomsOf } from '../../../controller/simulator/room.ts'
import { enrolInBulk } from './enrol-in-bulk.ts'
import { hubHome } from './hub-child.ts'

export interface EnrolledFleet {
  region: string
  /** Folder of the authority. */
  authority: string
  /** File with what each device was given. */
  memberships: string
  /** Of this fleet; more may be enrolled, from another time. */
  devices: ReadonlySet<string>
}

/** @param dir as of `HubChild` */
export const enrolFleet = async (dir: string, devices: number): Promise<EnrolledFleet> => {
  const authority = join(hubHome(dir), 'authority')
  mkdirSync(authority, { recursive: true, mode: 0o700 })
  const region = 'Bench'
  const docketKey = await identityToRecipient(await generateIdentity())
  const rooms = roomsOf(1, devices)
  return {
    ...{ region, authority, devices: new Set(rooms.map(({ device }) => device)) },
    memberships: await enrolInBulk(authority, region, rooms, docketKey),
  }
}
