/** The operator's key: whose orders, configurations and dockets devices obey. The broker does not have it. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFile } from '../base/durable.ts'
import { rawPublicKeyOf } from '../base/ed25519.ts'

export class OperatorKey {
  /** Ed25519, raw, base64. */
  readonly publicKey: string

  private constructor(private readonly secret: KeyObject) {
    this.publicKey = rawPublicKeyOf(secret)
  }

  /** From `operator-key.pem` in `home`, which the first start makes. Throws what the file system throws. */
  static async open(home: string): Promise<OperatorKey> {
    const path = join(home, 'operator-key.pem')
    const pem = await readFile(path).catch(async () => {
      const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
      await createFile(path, made, 0o600)
      return readFile(path)
    })
    return new OperatorKey(createPrivateKey(pem))
  }

  sign(payload: string): string {
    return sign(null, Buffer.from(payload), this.secret).toString('base64')
  }
}
