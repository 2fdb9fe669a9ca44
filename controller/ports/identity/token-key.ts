/**
 * The device's key in a PKCS#11 token (a smart card, an HSM, a TPM behind tpm2-pkcs11): `pkcs11-tool` of OpenSC signs,
 * one child process a signature, so that a driver that hangs or falls takes nothing with it.
 */
import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { rawPublicKey } from '../../base/ed25519.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { reason } from '../../base/reason.ts'
import type { IdentityConfig } from '../../wire/config.ts'
import { readChain } from './certificate.ts'
import type { OpenedKey } from './file-key.ts'
import type { Signer } from './signer.ts'

export type TokenConfig = Extract<IdentityConfig, { kind: 'pkcs11' }>

/** A card takes a second; one that takes longer than this is not there. */
const ANSWER_MS = 4_000
const MAX_BYTES = 1 << 20
/** A token locks itself after a few wrong PINs: it is asked with one that was refused only once. */
const PIN_REFUSED = /CKR_PIN_\w+|CKR_USER_PIN_\w+/

/**
 * Finds the public key in the token. When the token does not answer, the certificate tells the key: signing may work
 * again later. Without both throws IDENTITY_UNAVAILABLE.
 * @param certificate file of the device's certificate
 */
export const openTokenKey = async (config: TokenConfig, certificate: string): Promise<OpenedKey> => {
  const token = new Token(config)
  try {
    return { signer: new TokenSigner(token, await token.publicKey()), kept: true, repairs: [] }
  } catch (cause) {
    const known = (await readChain(certificate).catch(() => null))?.[0]
    if (!known) throw new VerbatimError('IDENTITY_UNAVAILABLE', messageOf(cause), { cause })
    const why = `${messageOf(cause)}; public key taken from ${certificate}`
    const repairs = [reason('The token with the key of this recorder does not answer; it is asked again.', why)]
    return { signer: new TokenSigner(token, rawPublicKey(known.publicKey)), kept: true, repairs }
  }
}

class TokenSigner implements Signer {
  constructor(
    private readonly token: Token,
    readonly publicKey: Uint8Array,
  ) {}

  sign(bytes: Uint8Array): Promise<Uint8Array> {
    return this.token.sign(bytes)
  }
}

class Token {
  #id: string | null = null
  #refused: Error | null = null
  /** One at a time: not every token has ears for two. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly config: TokenConfig) {}

  async publicKey(): Promise<Uint8Array> {
    const said = await this.#run(['--read-object', '--type', 'pubkey', '--id', await this.#keyId()])
    const isPem = said.subarray(0, 5).toString('latin1') === '-----'
    return rawPublicKey(createPublicKey(isPem ? said : { key: said, type: 'spki', format: 'der' }))
  }

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    const id = await this.#keyId()
    if (this.#refused) throw this.#refused
    // In the environment: the command line of a process is for all to see.
    const pin = (await readFile(this.config.pinFile, 'utf8')).trim()
    const words = ['--login', '--pin', 'env:VERBATIM_PIN', '--sign', '--mechanism', 'EDDSA', '--id', id]
    try {
      return await this.#run(words, { VERBATIM_PIN: pin }, bytes)
    } catch (fault) {
      if (PIN_REFUSED.test(messageOf(fault))) this.#refused = fault as Error
      throw fault
    }
  }

  /** `pkcs11-tool --sign` takes no label, and without an id it takes any key. */
  async #keyId(): Promise<string> {
    if (this.#id !== null) return this.#id
    const objects = (await this.#run(['--list-objects', '--type', 'pubkey'])).toString('utf8').split(/^(?=\S)/m)
    const own = objects.find((text) => /^ +label: +(.*)$/m.exec(text)?.[1] === this.config.keyLabel)
    const id = own && /^ +ID: +([0-9a-f]+)$/m.exec(own)?.[1]
    if (!id) throw new Error(`no public key "${this.config.keyLabel}" in token "${this.config.tokenLabel}"`)
    this.#id = id
    return id
  }

  #run(words: string[], env: Record<string, string> = {}, input?: Uint8Array): Promise<Buffer> {
    const said = this.#turn.then(() => this.#ask(words, env, input))
    this.#turn = said.catch(() => {})
    return said
  }

  #ask(words: string[], env: Record<string, string>, input?: Uint8Array): Promise<Buffer> {
    const { module, tokenLabel } = this.config
    const all = ['--module', module, '--token-label', tokenLabel, ...words]
    return new Promise((resolve, reject) => {
      const options = {
        env: { ...process.env, ...env },
        encoding: 'buffer',
        timeout: ANSWER_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_BYTES,
      } as const
      const child = execFile('pkcs11-tool', all, options, (fault, out, complaint) => {
        if (!fault) return resolve(out)
        const said = complaint.toString('utf8').trim().replaceAll(/\s+/g, ' ')
        const why = fault.killed ? `no answer within ${ANSWER_MS} ms` : said || fault.code || fault.message
        reject(new Error(`pkcs11-tool: ${why}`, { cause: fault }))
      })
      // It may end before it has read: its exit code tells.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
    })
  }
}
