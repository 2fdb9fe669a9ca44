/** What certificates say of a key, as X.509 (RFC 5280) has it. */
export interface Identity {
  /** Raw Ed25519 public key that the first certificate certifies; null for any other algorithm. */
  publicKey: Uint8Array | null
  /** Whom the first certificate names. */
  subject: string
  /** Who issued it. */
  issuer: string
  selfSigned: boolean
  /** Every certificate is signed by the next, and each next may sign certificates. */
  linked: boolean
  /** Leads to a certificate of the trust list; null when there is no list. */
  trusted: boolean | null
  /** The time at which all certificates of the chain are valid, in milliseconds since 1970. */
  validFromMs: number
  validToMs: number
}

/** What an RFC 3161 token says. */
export interface Stamp {
  /** The stamped SHA-256, lower-case hex; empty when it is of another algorithm. */
  imprint: string
  atMs: number
  authority: string
  /** The token's signature is good, by a certificate that may stamp times and was valid then. */
  signed: boolean
  /** That certificate leads to one of the trust list; null when there is no list. */
  trusted: boolean | null
}

/** The cryptography that a verifier is handed. Nothing here throws or rejects for what it is given. */
export interface Proof {
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string
  /** Whether `signature` is by `publicKey` (raw, 32 bytes) over `message`. */
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>
  /** Reads a chain of DER certificates, the owner's first; null when one cannot be read. */
  identify(certificates: readonly Uint8Array[]): Promise<Identity | null>
  /** Whether the key stands in the trust list itself; null when there is no list. */
  pinned(publicKey: Uint8Array): boolean | null
  /** Reads and checks a DER `TimeStampToken`; null when it cannot be read. */
  stamp(token: Uint8Array): Promise<Stamp | null>
}

/** The bytes of checked base64 (`shape.ts` lets nothing else through). */
export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
