/** `verbatim fleet reader`: the three files that a tool of IT reads the fleet with. The hub may run meanwhile. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createFile, makeFolders } from '../base/durable.ts'
import { VerbatimError } from '../base/error.ts'
import { Authority, READER_PREFIX } from '../ports/authority/authority.ts'
import { ReaderRegister } from '../ports/authority/readers.ts'
import type { HubConfig } from '../wire/hub-config.ts'

/** Of a certificate's common name, which takes 64 characters, the prefix and a suffix for a second connection. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/

/** Writes `ca.pem`, `reader.pem` and `reader.key` (0600), and never over others. Throws USAGE. @returns the client id */
export const giveReader = async (
  { home, region, certificates }: HubConfig,
  name: string,
  to: string,
): Promise<string> => {
  if (!NAME.test(name))
    throw new VerbatimError(
      'USAGE',
      `A reader's name has lower-case letters, digits and hyphens, at most 30: not "${name}".`,
    )
  const authority = join(home, 'authority')
  if (!existsSync(join(authority, 'authority.pem')))
    throw new VerbatimError('USAGE', `There is no authority in ${authority} yet: start the hub once first.`)
  const { ca, cert, key } = await (
    await Authority.open({ home: authority, region, days: certificates.days })
  ).issueReader(name)
  const register = await ReaderRegister.open(authority)
  await makeFolders(to)
  // In the book before anybody has it: what is not there is refused, and what is there can be revoked.
  await register.issued(`${READER_PREFIX}${name}`, cert)
  // One after the other: where a key is already, no certificate of another one comes beside it.
  for (const [file, text, mode] of [
    ['reader.key', key, 0o600],
    ['reader.pem', cert, 0o644],
    ['ca.pem', ca, 0o644],
  ] as const)
    if (!(await createFile(join(to, file), text, mode)))
      throw new VerbatimError('USAGE', `${join(to, file)} is there already: take another folder.`)
  return `${READER_PREFIX}${name}`
}

/** At once, where the hub runs with its own broker; an outside broker is told then. Throws NOT_FOUND. */
export const revokeReader = async ({ home }: HubConfig, name: string): Promise<void> =>
  (await ReaderRegister.open(join(home, 'authority'))).revoke(`${READER_PREFIX}${name}`)

/** A line for each: client id, since when, until when, and `revoked` and when. */
export const listReaders = async ({ home }: HubConfig): Promise<string[]> =>
  (await ReaderRegister.open(join(home, 'authority'))).list().map(({ name, serials, issuedAt, revokedAt }) => {
    const until =
      serials
        .map(({ expires }) => expires)
        .toSorted()
        .at(-1) ?? ''
    return [name, issuedAt, until, ...(revokedAt === null ? [] : [`revoked ${revokedAt}`])].join('  ')
  })
