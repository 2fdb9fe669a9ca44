/**
 * Tells an outside broker who may connect: writes its files, and makes it read them. Asked often at once it writes once
 * more, with what is true then.
 */
import { execFile } from 'node:child_process'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeFolders } from '../../base/durable.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { mosquittoAcl } from './mosquitto-acl.ts'
import { natsUsers } from './nats-users.ts'
import type { Rights } from './rights.ts'

export interface BrokerRightsOptions {
  broker: 'mosquitto' | 'nats'
  /** Its files lie here, readable by everybody: there is no secret in them. */
  folder: string
  /** Program and arguments; empty when somebody else makes the broker read. */
  reload: readonly string[]
  rights: () => Promise<Rights>
  /** Ends a connection that was there before, where the broker does not (Mosquitto): once for each that is revoked. */
  putOut?: (name: string) => Promise<void>
}

const RELOAD_MS = 60_000
const run = promisify(execFile)

export class BrokerRights {
  #told: Promise<void> = Promise.resolve()
  #waiting: Promise<void> | null = null
  /** Whether the broker may still go by older files. */
  #isOwed = true
  /** Revoked, and not connected any more. */
  #out = new Set<string>()

  constructor(private readonly options: BrokerRightsOptions) {}

  /**
   * Resolves when the broker goes by what `rights` says after this call. To be called at the start, at each change, and
   * once a day, for the list of revoked certificates has an end. Throws BROKER_UNTOLD.
   */
  tell(): Promise<void> {
    if (this.#waiting) return this.#waiting
    const telling = this.#told.then(() => {
      this.#waiting = null
      return this.#writeAndReload().catch((cause: unknown) => {
        throw new VerbatimError('BROKER_UNTOLD', messageOf(cause), { cause })
      })
    })
    this.#told = telling.catch(() => {})
    this.#waiting = telling
    return telling
  }

  async #writeAndReload(): Promise<void> {
    const { broker, folder, reload, rights } = this.options
    const now = await rights()
    await makeFolders(folder)
    const files: Record<string, string> =
      broker === 'mosquitto' ? { acl: mosquittoAcl(now), 'crl.pem': now.crl } : { 'users.conf': natsUsers(now) }
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name)
      if ((await readFile(path, 'utf8').catch(() => null)) === text) continue
      this.#isOwed = true
      await replaceFile(path, text)
      await chmod(path, 0o644)
    }
    const [program, ...words] = reload
    if (this.#isOwed && program !== undefined) {
      await run(program, words, { timeout: RELOAD_MS })
      this.#isOwed = false
    }
    await this.#putOut(now.revoked)
  }

  /** After the broker has read its files, or they would come back. */
  async #putOut(revoked: readonly string[]): Promise<void> {
    const { putOut } = this.options
    if (!putOut) return
    this.#out = new Set(revoked.filter((name) => this.#out.has(name)))
    for (const name of revoked) {
      if (this.#out.has(name)) continue
      await putOut(name)
      this.#out.add(name)
    }
  }
}
