/** What this device is in the fleet: its name, and what it connects with. One file for the recorder's eyes alone. */
import { X509Certificate } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolders } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import type { IssuedCertificates } from '../../wire/fleet/certificate.ts'
import { EnrolmentAnswer, EnrolmentCode } from '../../wire/fleet/enrolment.ts'
import { DeviceId } from '../../wire/fleet/name.ts'

/** PKCS#8, PEM, and the request for its certificate. */
const RequestedKey = z.object({ key: z.string().max(4_000), csr: z.base64().max(8_192) })

const Asked = z.object({
  code: EnrolmentCode,
  /** Exactly what is asked, each time. */
  body: z.string().max(64 << 10),
  ...RequestedKey.shape,
})
export type Asked = z.output<typeof Asked>

const Asking = z.object({ is: z.literal('asking'), device: DeviceId, ...Asked.shape })

const Member = z.object({
  is: z.literal('enrolled'),
  ...EnrolmentAnswer.shape,
  key: z.string().max(4_000),
  /** A new key, whose certificate is asked for. */
  renewal: RequestedKey.nullable(),
  /** It asks to be taken in again, and why. Until then it is what it was: its events are still its own. */
  again: z
    .object({ ...Asked.shape, because: z.enum(['revoked', 'expired', 'unknown']) })
    .nullable()
    .default(null),
})
export type Member = z.output<typeof Member>

const Content = z.discriminatedUnion('is', [Asking, Member])
export type MemberContent = z.output<typeof Content>

const SECRET = 0o600

/** PEM, as TLS wants them. */
export interface TlsFiles {
  ca: string
  cert: string
  key: string
}

export class MemberFile {
  readonly #file: DurableJson<MemberContent>

  constructor(private readonly folder: string) {
    this.#file = new DurableJson(join(folder, 'member.json'), (data) => Content.parse(data), SECRET)
  }

  /** Null before the first, and when it is damaged beyond repair: then the device is enrolled anew. */
  async read(): Promise<MemberContent | null> {
    await makeFolders(this.folder)
    await chmod(this.folder, 0o700).catch(() => {})
    return this.#file.read().catch(() => null)
  }

  write(content: MemberContent): Promise<void> {
    return this.#file.write(content)
  }
}

/** DER, base64, as PEM. Throws when it is none. */
export const pemOf = (der: string): string => new X509Certificate(Buffer.from(der, 'base64')).toString()

export const tlsFilesOf = ({ certificates: { tls, authority }, key }: Member): TlsFiles => ({
  ca: authority.map(pemOf).join(''),
  cert: tls.map(pemOf).join(''),
  key,
})

export const beginOf = ({ tls }: z.output<typeof IssuedCertificates>): Date =>
  new Date(new X509Certificate(Buffer.from(tls[0]!, 'base64')).validFrom)

export const expiryOf = ({ tls }: z.output<typeof IssuedCertificates>): Date =>
  new Date(new X509Certificate(Buffer.from(tls[0]!, 'base64')).validTo)
