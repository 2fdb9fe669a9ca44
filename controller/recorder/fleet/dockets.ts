/** The day's hearings, as the hub sends them: encrypted to this device's own key, kept for the recorder's eyes alone. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { z } from 'zod'
import { createFile } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { Docket, SealedDocket } from '../../wire/fleet/docket.ts'
import { docketPayload } from '../../wire/fleet/signing.ts'
import { requireOperator } from './signed-by.ts'

const Content = z.object({ rev: z.int().min(1), docket: Docket })
type Content = z.output<typeof Content>

const SECRET = 0o600

export interface DocketsOptions {
  device: string
  operatorKey: () => string | null
  received: (rev: number, docket: Docket) => void
  log: Logger
}

export class Dockets {
  private constructor(
    /** Public key that dockets are encrypted to. */
    readonly recipient: string,
    private readonly identity: string,
    private readonly file: DurableJson<Content>,
    private content: Content | null,
  ) {}

  /** The key is made at the first start. Throws what the file system throws. */
  static async open(folder: string, log: Logger): Promise<Dockets> {
    const identity = await keyIn(join(folder, 'docket.key'))
    const file = new DurableJson(join(folder, 'docket.json'), (data) => Content.parse(data), SECRET)
    const content = await file.read().catch((fault: unknown) => {
      log.warn({ fault: messageOf(fault) }, 'the docket cannot be read; the hub sends it again')
      return null
    })
    return new Dockets(await identityToRecipient(identity), identity, file, content)
  }

  get docket(): Docket | null {
    return this.content?.docket ?? null
  }

  /** An older one changes nothing. Throws MESSAGE_INVALID and SIGNATURE_INVALID. */
  async heard(payload: Uint8Array, { device, operatorKey, received, log }: DocketsOptions): Promise<void> {
    const sealed = parsed(SealedDocket, Buffer.from(payload))
    if (sealed.device !== device) throw new VerbatimError('SIGNATURE_INVALID', `it is for ${sealed.device}`)
    requireOperator(docketPayload(sealed), sealed.sig, operatorKey())
    if (sealed.rev <= (this.content?.rev ?? 0)) return
    const decrypter = new Decrypter()
    decrypter.addIdentity(this.identity)
    const opened = await decrypter.decrypt(Buffer.from(sealed.age, 'base64')).catch((cause: unknown) => {
      throw new VerbatimError('MESSAGE_INVALID', `it is not encrypted to this device: ${messageOf(cause)}`, { cause })
    })
    const docket = parsed(Docket, Buffer.from(opened))
    const content = { rev: sealed.rev, docket }
    await this.file.write(content)
    this.content = content
    log.info({ rev: sealed.rev, hearings: docket.hearings.length }, 'a docket came from the hub')
    received(sealed.rev, docket)
  }
}

const keyIn = async (path: string): Promise<string> => {
  const read = () => readFile(path, 'utf8').then((text) => text.trim())
  try {
    return await read()
  } catch (fault) {
    if (codeOf(fault) !== 'ENOENT') throw fault
    await createFile(path, `${await generateX25519Identity()}\n`, SECRET)
    return read()
  }
}

const parsed = <T>(schema: z.ZodType<T>, bytes: Buffer): T => {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')))
  } catch (cause) {
    // What is inside may name cases: nothing of it is told.
    throw new VerbatimError('MESSAGE_INVALID', 'the docket breaks its schema', { cause })
  }
}
