/** Thousands of devices enrolled at once, in the hub's own books, before it starts: for measuring, not for courts. */
import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { utcText } from '../../../controller/base/units.ts'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { ECDSA } from '../../../controller/ports/authority/certificate-maker.ts'
import type { SimulatedRoom } from '../../../controller/simulator/room.ts'
import type { Membership } from '../../../controller/simulator/simulated-fleet.ts'
import { memberUri } from '../../../controller/wire/fleet/name.ts'

export type Memberships = Record<string, Omit<Membership, 'url'>>

const pem = (der: Buffer, what: string): string =>
  `-----BEGIN ${what}-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END ${what}-----\n`

interface Enrolled {
  membership: Omit<Membership, 'url'>
  line: string
}

const enrolOne = async (authority: Authority, room: SimulatedRoom, docketKey: string): Promise<Enrolled> => {
  const { device, court, name } = room
  const { privateKey, publicKey } = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const spki = new Uint8Array(await webcrypto.subtle.exportKey('spki', publicKey))
  const issued = await authority.issueDevice(court.id, device, name, { spki, evidenceKey: null })
  const [tls, ...issuers] = issued.certificates.tls.map((der) => Buffer.from(der, 'base64'))
  const key = pem(Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)), 'PRIVATE KEY')
  const line = {
    ...{ is: 'enrolled', at: utcText(Date.now()), device, court: court.id, room: name, serial: issued.serial },
    ...{ expires: issued.expires.toISOString(), evidenceKey: null },
  }
  return {
    membership: {
      ...{ court: court.id, docketKey, certificateExpires: utcText(issued.expires.getTime()) },
      certificateSha256: createHash('sha256').update(tls!).digest('hex'),
      credentials: { ca: authority.pem, cert: [tls!, ...issuers].map((der) => pem(der, 'CERTIFICATE')).join(''), key },
    },
    line: JSON.stringify(line),
  }
}

/** Those of another time may have certificates without what a broker looks for now. */
const isAsToday = (device: string, { court, credentials }: Memberships[string]): boolean =>
  new X509Certificate(credentials!.cert).subjectAltName === `URI:${memberUri(court, device)}`

/**
 * @param home folder of the authority, as the hub has it
 * @returns file with a membership for each device
 */
export const enrolInBulk = async (
  home: string,
  region: string,
  rooms: readonly SimulatedRoom[],
  docketKey: string,
): Promise<string> => {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = join(home, 'memberships.json')
  const known: Memberships = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const missing = rooms.filter(({ device }) => !known[device] || !isAsToday(device, known[device]))
  if (!missing.length) return file
  const authority = await Authority.open({ home, region, days: 365 })
  const lines: string[] = []
  for (const room of missing) {
    const { membership, line } = await enrolOne(authority, room, docketKey)
    known[room.device] = membership
    lines.push(line)
  }
  appendFileSync(join(home, 'register.ndjson'), `${lines.join('\n')}\n`, { mode: 0o600 })
  writeFileSync(file, JSON.stringify(known), { mode: 0o600 })
  return file
}
