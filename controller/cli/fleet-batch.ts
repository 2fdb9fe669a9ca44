/** `verbatim fleet batch`: one-time codes for the machines of a shipment, in a file, and told to the hub that runs. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createFile, makeFolders } from '../base/durable.ts'
import { messageOf, VerbatimError } from '../base/error.ts'
import { newCode } from '../ports/enrolment/new-name.ts'
import { ConsoleClient } from '../simulator/console-client.ts'
import { CourtId } from '../wire/fleet/name.ts'
import { sendShipment, shipmentText } from '../wire/shipment.ts'

export interface Batch {
  /** How many machines; at most as many codes as a hub can expect. */
  rooms: string
  court: string
  courtName: string
  /** The file; never written over. */
  to: string
  /** Whose console is told; null when the file alone is wanted. */
  hub: { url: string; user: string; password: string; ca: string | undefined } | null
}

const MOST = 20_000
const HERE = ['localhost', '127.0.0.1', '[::1]']

/** Throws USAGE, and ENROLMENT_REFUSED or NO_ANSWER when the file is there and the hub does not know of it. */
export const makeBatch = async ({ rooms, court, courtName, to, hub }: Batch): Promise<string> => {
  const count = /^\d{1,5}$/.test(rooms) ? Number(rooms) : 0
  if (count < 1 || count > MOST) throw new VerbatimError('USAGE', `A number from 1 to ${MOST}, not "${rooms}".`)
  if (!CourtId.safeParse(court).success)
    throw new VerbatimError('USAGE', `A court has lower-case letters, digits and hyphens, not "${court}".`)
  if (courtName.length > 120 || /[;\p{Cc}]/u.test(courtName))
    throw new VerbatimError('USAGE', "A court's name has at most 120 characters and no semicolon.")
  const client = hub ? await loggedIn(hub) : null
  const shipped = Array.from({ length: count }, () => ({ code: newCode(), court, courtName }))
  await makeFolders(dirname(to))
  // First the file: a code that the hub expects and nobody can read is of no use.
  if (!(await createFile(to, shipmentText(shipped), 0o600)))
    throw new VerbatimError('USAGE', `${to} is there already: take another file.`)
  if (!client) return `${count} codes in ${to}; the hub does not know them yet`
  try {
    await sendShipment(shipped, (some) => client.ask('enrolBatch', {}, { rooms: some }))
  } catch (cause) {
    const text = `${messageOf(cause)}; the codes are in ${to} and can be given to the console as a shipment`
    throw new VerbatimError('ENROLMENT_REFUSED', text, { cause })
  }
  return `${count} codes in ${to}; the hub expects them`
}

const loggedIn = async ({ url, user, password, ca }: NonNullable<Batch['hub']>): Promise<ConsoleClient> => {
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new VerbatimError('USAGE', `--hub ${url} is no address.`)
  const client = new ConsoleClient(url, tlsFor(url, ca))
  try {
    await client.login(user, password)
  } catch (cause) {
    throw new VerbatimError('NO_ANSWER', messageOf(cause), { cause })
  }
  return client
}

/** A password goes to nobody else's server; on this machine there is nobody else. */
const tlsFor = (url: string, ca: string | undefined) => {
  if (ca === undefined) return { rejectUnauthorized: !HERE.includes(new URL(url).hostname) }
  try {
    return { rejectUnauthorized: true, ca: readFileSync(ca, 'utf8') }
  } catch (cause) {
    throw new VerbatimError('USAGE', `--ca ${ca} cannot be read: ${messageOf(cause)}.`, { cause })
  }
}
