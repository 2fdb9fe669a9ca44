/** What can sign for this device, wherever its key lies: in a file, in a token, in a TPM. The key itself never comes out. */
export interface Signer {
  /** Raw Ed25519 public key (RFC 8032), 32 bytes. */
  readonly publicKey: Uint8Array
  /** Ed25519 signature over `bytes`, 64 bytes. May take its time, fail, or never answer: whoever asks has a limit. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}
