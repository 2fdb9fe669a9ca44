/** Who may log in, and as what: names, roles, and scrypt of the passwords, in a file that survives a power cut. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { DurableJson } from '../../base/durable-json.ts'
import { VerbatimError } from '../../base/error.ts'
import { utcText } from '../../base/units.ts'
import { type Me, Role, type UserRow } from '../../wire/console.ts'

const Person = z.object({ name: z.string(), role: Role, since: z.string(), salt: z.string(), hash: z.string() })
type Person = z.output<typeof Person>

/** Some 60 ms and 16 MiB for each guess. */
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 }
const stretch = promisify<string, string, number, ScryptOptions, Buffer>(scrypt)

const hashOf = async (password: string, salt: string): Promise<string> =>
  (await stretch(password.normalize('NFC'), salt, 32, COST)).toString('base64')

/** What a guess at an unknown name costs, so that it takes as long as any other. */
const NOBODY = { salt: randomBytes(16).toString('base64'), hash: randomBytes(32).toString('base64') }

export class People {
  private constructor(
    private readonly file: DurableJson<Person[]>,
    private people: readonly Person[],
  ) {}

  /** `users.json` in `home`. Throws SETTINGS_DAMAGED, and what the file system throws. */
  static async open(home: string): Promise<People> {
    const file = new DurableJson(join(home, 'users.json'), (data) => z.array(Person).parse(data))
    return new People(file, (await file.read()) ?? [])
  }

  list(): z.output<typeof UserRow>[] {
    return this.people.map(({ name, role, since }) => ({ name, role, since }))
  }

  /** What somebody may do now; null when there is nobody of that name any more. */
  find(name: string): Me | null {
    const found = this.people.find((person) => person.name === name)
    return found ? { name: found.name, role: found.role } : null
  }

  /** Null when the name is not known or the password is another. */
  async identify(name: string, password: string): Promise<Me | null> {
    const found = this.people.find((person) => person.name === name)
    const { salt, hash } = found ?? NOBODY
    const isSame = timingSafeEqual(Buffer.from(await hashOf(password, salt), 'base64'), Buffer.from(hash, 'base64'))
    return found && isSame ? { name: found.name, role: found.role } : null
  }

  /** Somebody new, or somebody known with a new password and role. Durable when it resolves. Throws REFUSED. */
  async put(name: string, password: string, role: Role): Promise<void> {
    const salt = randomBytes(16).toString('base64')
    const hash = await hashOf(password, salt)
    const since = this.people.find((person) => person.name === name)?.since ?? utcText(Date.now())
    const others = this.people.filter((person) => person.name !== name)
    await this.#save([...others, { name, role, since, salt, hash }])
  }

  /** Of somebody known, who stays what they are. Durable when it resolves. Throws NOT_FOUND. */
  async changePassword(name: string, password: string): Promise<void> {
    const salt = randomBytes(16).toString('base64')
    const hash = await hashOf(password, salt)
    // Only now: whoever was removed meanwhile does not come back.
    if (!this.find(name)) throw new VerbatimError('NOT_FOUND', `there is nobody called ${name}`)
    await this.#save(this.people.map((person) => (person.name === name ? { ...person, salt, hash } : person)))
  }

  /** Throws NOT_FOUND, and REFUSED for the last administrator. */
  async remove(name: string): Promise<void> {
    if (!this.find(name)) throw new VerbatimError('NOT_FOUND', `there is nobody called ${name}`)
    await this.#save(this.people.filter((person) => person.name !== name))
  }

  /** What is known changes at once, so that nobody who is removed is let in while the disk is at it. */
  async #save(people: readonly Person[]): Promise<void> {
    const had = this.people.some(({ role }) => role === 'administrator')
    if (had && !people.some(({ role }) => role === 'administrator'))
      throw new VerbatimError('REFUSED', 'the last administrator stays: make another one first')
    this.people = people
    await this.file.write([...people])
  }
}
