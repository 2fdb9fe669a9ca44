/**
 * Who was enrolled, renewed and revoked: lines that are durable before anybody is answered, and never changed. What is
 * known now is what they add up to.
 */
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { CourtId, DeviceId, FleetText, Utc } from '../../wire/fleet/name.ts'

const common = { at: Utc, device: DeviceId }
const Line = z.discriminatedUnion('is', [
  z.object({
    ...{ is: z.literal('enrolled'), ...common, court: CourtId, room: FleetText, serial: z.string(), expires: Utc },
    evidenceKey: z.string().nullable(),
  }),
  z.object({ is: z.literal('renewed'), ...common, serial: z.string(), expires: Utc }),
  z.object({ is: z.literal('revoked'), ...common, by: FleetText }),
])
export type RegisterLine = z.output<typeof Line>

export interface Registered {
  device: string
  court: string
  room: string
  enrolledAt: string
  /** Of the certificate that counts. */
  serial: string
  expires: string
  /** Ed25519, raw, base64. */
  evidenceKey: string | null
  revokedAt: string | null
}

interface RevokedSerial {
  serial: string
  device: string
  at: Date
  expires: Date
}

export class AuthorityRegister {
  readonly #devices = new Map<string, Registered>()
  /** Of each device every certificate that was given out and is not revoked. */
  readonly #given = new Map<string, { serial: string; expires: string }[]>()
  readonly #revoked: RevokedSerial[] = []
  #adding: Promise<void> = Promise.resolve()
  #bytes = 0
  /** Called when somebody came, got another certificate, or went, and it is durable. */
  onChanged: () => void = () => {}

  private constructor(private readonly path: string) {}

  /** Half a line is what a power cut left; nobody was answered. Throws what the file system throws. */
  static async open(home: string): Promise<AuthorityRegister> {
    await makeFolders(home)
    const register = new AuthorityRegister(join(home, 'register.ndjson'))
    const file = await open(register.path, 'a+', 0o600)
    try {
      const all = await file.readFile()
      register.#bytes = all.lastIndexOf(10) + 1
      for (const line of all.toString('utf8', 0, register.#bytes).split('\n').slice(0, -1))
        register.#learn(Line.parse(JSON.parse(line)))
    } finally {
      await file.close()
    }
    await syncFolder(dirname(register.path))
    return register
  }

  devices(): IterableIterator<Registered> {
    return this.#devices.values()
  }

  find(device: string): Registered | undefined {
    return this.#devices.get(device)
  }

  /** Whether this very certificate may connect as this device. */
  isGood(device: string, serial: string): boolean {
    const given = this.#given.get(device) ?? []
    return given.some((one) => one.serial === serial.toLowerCase()) && this.find(device)?.revokedAt === null
  }

  /** Those that would still be valid by their date. */
  revoked(now: Date): RevokedSerial[] {
    return this.#revoked.filter(({ expires }) => expires > now)
  }

  /** Resolves once the line is durable. */
  add(line: RegisterLine): Promise<void> {
    const adding = this.#adding.then(() => this.#append(line))
    this.#adding = adding.catch(() => {})
    return adding
  }

  async #append(line: RegisterLine): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    const file = await open(this.path, 'r+')
    try {
      await file.truncate(this.#bytes)
      await writeAll(file, bytes, this.#bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
    this.#bytes += bytes.length
    this.#learn(line)
    this.onChanged()
  }

  #learn(line: RegisterLine): void {
    const { device, at } = line
    if (line.is === 'enrolled') {
      this.#revoke(device, at)
      const { court, room, serial, expires, evidenceKey } = line
      this.#devices.set(device, { device, court, room, enrolledAt: at, serial, expires, evidenceKey, revokedAt: null })
      this.#given.set(device, [{ serial, expires }])
      return
    }
    const known = this.#devices.get(device)
    if (!known) return
    if (line.is === 'revoked') {
      known.revokedAt = at
      this.#revoke(device, at)
      return
    }
    // The earlier one counts until it ends: the device may not have got the new one.
    known.serial = line.serial
    known.expires = line.expires
    this.#given.get(device)?.push({ serial: line.serial, expires: line.expires })
  }

  #revoke(device: string, at: string): void {
    for (const { serial, expires } of this.#given.get(device) ?? [])
      this.#revoked.push({ serial, device, at: new Date(at), expires: new Date(expires) })
    this.#given.delete(device)
  }
}
