/** A time-stamping authority of our own: the openssl command behind a real HTTP server. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TimeStamper {
  /** Certificates to trust, PEM: for `openssl ts -verify -CAfile`. */
  ca: string
  /** TimeStampResp in DER. */
  reply: (query: Buffer) => Buffer
}

const CONFIG = `
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[stamps]
serial = DIR/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
`

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes keys and certificates in a new folder beneath `dir`. */
export const makeTimeStamper = (dir: string): TimeStamper => {
  const home = mkdtempSync(join(dir, 'authority-'))
  const at = (name: string) => join(home, name)
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  writeFileSync(at('cnf'), CONFIG.replace('DIR', home))
  writeFileSync(at('serial'), '01')
  const made = (name: string) => ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`), '-subj', `/CN=Test ${name}`]
  openssl('req', '-x509', ...KEY, ...made('ca'), '-days', '30', '-config', at('cnf'), '-extensions', 'ca')
  openssl('req', '-new', ...KEY, ...made('tsa'), '-config', at('cnf'))
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('signer.pem')]
  openssl('x509', '-req', '-in', at('tsa.pem'), ...signed, '-days', '30', '-extfile', at('cnf'), '-extensions', 'tsa')
  return {
    ca: at('ca.pem'),
    reply: (query) => {
      writeFileSync(at('query'), query)
      const signer = ['-inkey', at('tsa.key'), '-signer', at('signer.pem')]
      const files = ['-queryfile', at('query'), '-out', at('reply')]
      openssl('ts', '-reply', '-config', at('cnf'), '-section', 'stamps', ...files, ...signer)
      return readFileSync(at('reply'))
    },
  }
}
