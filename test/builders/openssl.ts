/** Authorities made with openssl: what a court's hub and a time stamp authority would be. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const CONFIG = `[req]
distinguished_name = name
prompt = no
[name]
CN = default
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamper]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[device]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
[odd]
basicConstraints = critical, CA:false
1.2.3.4.5 = critical, ASN1:UTF8String:odd
[tsa]
default_tsa = one
[one]
serial = SERIAL
crypto_device = builtin
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
ess_cert_id_alg = ESS
`

export type KeyKind = 'ED25519' | 'RSA:2048' | 'EC:P-256' | 'EC:P-384'

const keyOptions = (kind: KeyKind): string[] => {
  const [algorithm, of] = kind.split(':') as [string, string?]
  if (!of) return ['-algorithm', algorithm]
  return [
    '-algorithm',
    algorithm,
    '-pkeyopt',
    algorithm === 'RSA' ? `rsa_keygen_bits:${of}` : `ec_paramgen_curve:${of}`,
  ]
}

/** A folder of keys and certificates; `close` removes it. */
export class OpensslAuthority {
  readonly dir = mkdtempSync(join(tmpdir(), 'verbatim-openssl-'))

  constructor() {
    this.#configure('sha256')
  }

  /** Makes NAME.key and NAME.pem, signed by ISSUER or by itself; returns the PEM. */
  certify(name: string, section: 'authority' | 'stamper' | 'device' | 'odd', kind: KeyKind, issuer = name): string {
    this.#run('genpkey', ...keyOptions(kind), '-out', `${name}.key`)
    this.#run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-config', 'config', '-out', `${name}.csr`)
    const by =
      issuer === name
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial']
    const as = ['-extfile', 'config', '-extensions', section, '-days', '3650', '-out', `${name}.pem`]
    this.#run('x509', '-req', '-in', `${name}.csr`, ...by, ...as)
    return readFileSync(join(this.dir, `${name}.pem`), 'utf8')
  }

  /** The certificate in DER. */
  der(name: string): Uint8Array {
    return this.#run('x509', '-in', `${name}.pem`, '-outform', 'DER')
  }

  /** A `TimeStampToken` over `data` by `signer`. */
  stamp(
    data: Buffer,
    signer: string,
    { chain = [] as string[], hash = 'sha256', essHash = 'sha256' } = {},
  ): Uint8Array {
    this.#configure(essHash)
    writeFileSync(join(this.dir, 'data'), data)
    writeFileSync(
      join(this.dir, 'chain.pem'),
      chain.map((name) => readFileSync(join(this.dir, `${name}.pem`), 'utf8')).join(''),
    )
    this.#run('ts', '-query', '-data', 'data', `-${hash}`, '-cert', '-out', 'query')
    const by = ['-signer', `${signer}.pem`, '-inkey', `${signer}.key`, ...(chain.length ? ['-chain', 'chain.pem'] : [])]
    return this.#run('ts', '-reply', '-config', 'config', '-queryfile', 'query', ...by, '-token_out')
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }

  #configure(essHash: string): void {
    const text = CONFIG.replace('SERIAL', join(this.dir, 'serial')).replace('ESS', essHash)
    writeFileSync(join(this.dir, 'config'), text)
  }

  #run(...words: string[]): Buffer {
    return execFileSync('openssl', words, { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}
