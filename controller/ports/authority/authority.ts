/**
 * The certificate authority of a region: says which key is which appliance's, the hub's, or a reader's. Its own key
 * never leaves the hub's home.
 */
import 'reflect-metadata'
import { webcrypto as crypto, X509Certificate as NodeCertificate, type webcrypto } from 'node:crypto'
import { join } from 'node:path'
import { PemConverter, type X509Certificate, X509CrlGenerator } from '@peculiar/x509'
import { makeFolders } from '../../base/durable.ts'
import { spkiOf } from '../../base/ed25519.ts'
import { DAY_MS } from '../../base/units.ts'
import type { IssuedCertificates } from '../../wire/fleet/certificate.ts'
import { memberUri } from '../../wire/fleet/name.ts'
import { ECDSA, isAddress, makeCertificate, type Purpose } from './certificate-maker.ts'
import type { AskedKeys } from './certificate-request.ts'
import { type KeyPair, openKey, readOwnCertificate, writeCertificate } from './own-keys.ts'

export interface AuthorityOptions {
  /** Its key and certificate lie here. */
  home: string
  /** Name of the region, for people. */
  region: string
  /** How long a device may connect with one. */
  days: number
  now?: () => Date
}

/** PEM. */
export interface TlsFiles {
  ca: string
  cert: string
  key: string
}

export interface IssuedTo {
  certificates: IssuedCertificates
  /** Of the certificate to connect with: lower-case hex. */
  serial: string
  expires: Date
}

/** The name of the hub's own certificate, and the beginning of a reader's. */
export const HUB_NAME = 'hub'
export const READER_PREFIX = 'reader-'

const OWN_DAYS = 20 * 365
/** Browsers take no more of a server. */
const SERVER_DAYS = 397
const RENEW_BEFORE_DAYS = 30
/** A list of what is revoked is made anew long before. */
const CRL_DAYS = 30

export class Authority {
  private constructor(
    private readonly options: AuthorityOptions,
    private readonly own: KeyPair,
    private readonly certificate: X509Certificate,
  ) {}

  /** The first start makes key and certificate. Throws CERTIFICATE_INVALID, and what the file system throws. */
  static async open(options: AuthorityOptions): Promise<Authority> {
    const { home, region, now = () => new Date() } = options
    await makeFolders(home)
    const own = await openKey(join(home, 'authority-key.pem'))
    const path = join(home, 'authority.pem')
    const kept = await readOwnCertificate(path)
    if (kept) return new Authority(options, own, kept)
    const made = await makeCertificate({
      ...{ subject: `CN=${plainName(`Verbatim ${region}`)}`, issuer: { certificate: null, key: own.key } },
      ...{ spki: own.spki, purpose: { is: 'authority' }, from: now(), days: OWN_DAYS },
    })
    await writeCertificate(path, made)
    return new Authority(options, own, made)
  }

  /** Whom devices, readers and verifiers trust. */
  get pem(): string {
    return `${this.certificate.toString('pem')}\n`
  }

  /** Whether it was issued here; expired or revoked makes no difference. */
  hasIssued(certificate: NodeCertificate): boolean {
    return certificate.verify(new NodeCertificate(Buffer.from(this.certificate.rawData)).publicKey)
  }

  /** For an appliance: to connect with, and for the key that signs its journals. */
  async issueDevice(court: string, device: string, name: string, keys: AskedKeys): Promise<IssuedTo> {
    const { days } = this.options
    const uri = memberUri(court, device)
    const tls = await this.#issue(`CN=${device}, O=${court}`, keys.spki, { is: 'client', uri }, days)
    const { evidenceKey } = keys
    // What was recorded must be provable for as long as it is kept: the time is that of the signature, not of the check.
    const evidence = evidenceKey
      ? await this.#issue(`CN=${plainName(name)}, O=${court}`, spkiOf(evidenceKey), { is: 'evidence' }, OWN_DAYS / 2)
      : null
    const authority = base64(this.certificate)
    return {
      certificates: {
        tls: [base64(tls), authority],
        evidence: evidence ? [base64(evidence), authority] : [],
        authority: [authority],
      },
      serial: tls.serialNumber.toLowerCase(),
      expires: tls.notAfter,
    }
  }

  /** For a tool of IT that may read the whole fleet and say nothing: PEM, with a new key. */
  async issueReader(name: string): Promise<TlsFiles> {
    return this.#newClient(`${READER_PREFIX}${name}`, this.options.days)
  }

  /** For the hub to connect once as somebody who was revoked, which ends the connection that is there; good for a day. */
  issuePlaceTaker(name: string): Promise<TlsFiles> {
    return this.#newClient(name, 1)
  }

  /** What the hub connects with to a broker, renewed when it is about to end. */
  hubFiles(): Promise<TlsFiles> {
    return this.#ownFiles('hub', `CN=${HUB_NAME}`, { is: 'client', uri: null }, this.options.days)
  }

  /** What the hub's own servers show, under these names. */
  serverFiles(names: readonly string[]): Promise<TlsFiles> {
    const all = [...new Set([...names, 'localhost', '127.0.0.1', '::1'])]
    return this.#ownFiles('server', `CN=${plainName(all[0]!)}`, { is: 'server', names: all }, SERVER_DAYS)
  }

  /** The list of serial numbers that count no more, PEM, for brokers that ask no hub (RFC 5280, section 5). */
  async crl(revoked: readonly { serial: string; at: Date }[]): Promise<string> {
    const now = this.#now()
    const list = await X509CrlGenerator.create({
      issuer: this.certificate.subject,
      ...{ thisUpdate: new Date(now.getTime() - DAY_MS), nextUpdate: new Date(now.getTime() + CRL_DAYS * DAY_MS) },
      entries: revoked.map(({ serial, at }) => ({ serialNumber: serial, revocationDate: at })),
      ...{ signingAlgorithm: ECDSA, signingKey: this.own.key },
    })
    return `${PemConverter.encode(list.rawData, 'X509 CRL')}\n`
  }

  #now(): Date {
    return this.options.now?.() ?? new Date()
  }

  #issue(subject: string, spki: Uint8Array, purpose: Purpose, days: number): Promise<X509Certificate> {
    const issuer = { certificate: this.certificate, key: this.own.key }
    return makeCertificate({ subject, issuer, spki, purpose, from: this.#now(), days })
  }

  async #newClient(name: string, days: number): Promise<TlsFiles> {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
    const made = await this.#issue(`CN=${name}`, spki, { is: 'client', uri: null }, days)
    return { ca: this.pem, cert: `${made.toString('pem')}\n`, key: await pemOf(privateKey) }
  }

  async #ownFiles(file: string, subject: string, purpose: Purpose, days: number): Promise<TlsFiles> {
    const { home } = this.options
    const pair = await openKey(join(home, `${file}-key.pem`))
    const path = join(home, `${file}.pem`)
    const kept = await readOwnCertificate(path)
    const good = kept && (await this.#isStillGood(kept, purpose)) ? kept : null
    const certificate = good ?? (await this.#issue(subject, pair.spki, purpose, days))
    if (!good) await writeCertificate(path, certificate)
    return { ca: this.pem, cert: `${certificate.toString('pem')}\n`, key: pair.pem }
  }

  async #isStillGood(kept: X509Certificate, purpose: Purpose): Promise<boolean> {
    const left = kept.notAfter.getTime() - this.#now().getTime()
    const whole = kept.notAfter.getTime() - kept.notBefore.getTime()
    // Made when the clock stood ahead: nobody would believe it before that time comes.
    if (kept.notBefore > this.#now()) return false
    if (left < Math.min(RENEW_BEFORE_DAYS * DAY_MS, whole / 3)) return false
    if (!(await kept.verify({ publicKey: this.certificate.publicKey, signatureOnly: true }))) return false
    const node = new NodeCertificate(Buffer.from(kept.rawData))
    return (
      purpose.is !== 'server' ||
      purpose.names.every((name) => (isAddress(name) ? node.checkIP(name) : node.checkHost(name)))
    )
  }
}

const base64 = (certificate: X509Certificate): string => Buffer.from(certificate.rawData).toString('base64')

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> => {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${der.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`
}

/** X.509 takes 64 characters, and commas would begin another part of the name. */
const plainName = (text: string): string =>
  [...text.replaceAll(/[,+"\\<>;=#\p{Cc}]/gu, ' ')].slice(0, 64).join('').trim()
