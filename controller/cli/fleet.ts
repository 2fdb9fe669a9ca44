import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { VerbatimError } from '../base/error.ts'
import { readHubConfig } from '../hub/read-hub-config.ts'
import { NewUser, ROLES } from '../wire/console.ts'
import { type Command, EXIT, type Surroundings } from './command.ts'
import { HUB_ENVIRONMENT, HUB_NODE_FLAGS } from './hub-node.ts'
import { readWords } from './options.ts'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const runHub = async (config: string, { programFile }: Surroundings): Promise<number> => {
  const hub = join(dirname(programFile), `fleet${extname(programFile)}`)
  // A group of its own: Ctrl-C reaches this program alone and is passed on once.
  const child = spawn(process.execPath, [...HUB_NODE_FLAGS, ...process.execArgv, hub, '--config', config], {
    ...{ stdio: 'inherit', detached: true, env: { ...HUB_ENVIRONMENT, ...process.env } },
  })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of FORWARDED) process.on(signal, pass)
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  for (const signal of FORWARDED) process.off(signal, pass)
  return code ?? 128 + constants.signals[signal!]
}

/** With the hub stopped: it holds who may log in in memory, and would write over this. */
const addUser = async (name: string, role: string, config: string, { print, env }: Surroundings): Promise<number> => {
  const password = env.VERBATIM_PASSWORD ?? randomBytes(12).toString('base64url')
  const user = NewUser.safeParse({ name, password, role })
  if (!user.success)
    throw new VerbatimError(
      'USAGE',
      `A name has letters, digits and ._-, a password 10 characters, a role is one of ${ROLES.join(', ')}.`,
    )
  const { home } = readHubConfig(config)
  // Only here: no other command should wait for a data base to be loaded.
  const { lockHome } = await import('../ports/event-store/lock-home.ts')
  const { People } = await import('../ports/console/people.ts')
  const unlock = await lockHome(home)
  try {
    await (await People.open(home)).put(user.data.name, user.data.password, user.data.role)
  } finally {
    unlock()
  }
  print(env.VERBATIM_PASSWORD === undefined ? `${name} ${password}` : name)
  return EXIT.well
}

const BATCH_OPTIONS = {
  court: { type: 'string' },
  'court-name': { type: 'string' },
  to: { type: 'string' },
  hub: { type: 'string' },
  user: { type: 'string' },
  ca: { type: 'string' },
} as const

const giveBatch = async (words: string[], { env, print }: Surroundings): Promise<number> => {
  const { values, operands } = readWords(words, BATCH_OPTIONS, ['How many machines'])
  const { court, to, hub: url, user, ca } = values
  if (court === undefined) throw new VerbatimError('USAGE', '--court ID is missing.')
  if (to === undefined) throw new VerbatimError('USAGE', '--to FILE is missing.')
  const password = env.VERBATIM_PASSWORD
  if (url !== undefined && (user === undefined || password === undefined))
    throw new VerbatimError('USAGE', '--hub needs --user NAME, and the password in VERBATIM_PASSWORD.')
  const hub = url === undefined ? null : { url, user: user!, password: password!, ca }
  const { makeBatch } = await import('./fleet-batch.ts')
  print(await makeBatch({ rooms: operands[0]!, court, courtName: values['court-name'] ?? '', to, hub }))
  return EXIT.well
}

const READER_OPTIONS = {
  config: { type: 'string' },
  to: { type: 'string' },
  revoke: { type: 'boolean' },
  list: { type: 'boolean' },
} as const

const readerCommand = async (words: string[], { print }: Surroundings): Promise<number> => {
  const isList = words.includes('--list')
  const { values, operands } = readWords(words, READER_OPTIONS, isList ? [] : ['The name'])
  if (values.config === undefined) throw new VerbatimError('USAGE', '--config FILE is missing.')
  const config = readHubConfig(values.config)
  const { giveReader, listReaders, revokeReader } = await import('./fleet-reader.ts')
  if (isList) for (const line of await listReaders(config)) print(line)
  else if (values.revoke) await revokeReader(config, operands[0]!)
  else if (values.to === undefined) throw new VerbatimError('USAGE', '--to DIR is missing.')
  else print(await giveReader(config, operands[0]!, values.to))
  return EXIT.well
}

/** `verbatim fleet` */
export const fleetCommand: Command = {
  name: 'fleet',
  does: 'run the hub of a region',
  help: `verbatim fleet --config FILE
verbatim fleet user NAME [--role ROLE] --config FILE
verbatim fleet reader NAME --to DIR --config FILE
verbatim fleet reader (NAME --revoke | --list) --config FILE
verbatim fleet batch COUNT --court ID [--court-name TEXT] --to FILE [--hub URL --user NAME [--ca FILE]]

Runs the hub in the foreground until SIGINT (Ctrl-C) or SIGTERM. Its first line on standard output is JSON with its
addresses: web (console, enrolment, receipts, /metrics) and mqtt (devices). The log is on standard error.

"fleet user" lets somebody log in, while the hub is stopped: the first administrator; the console adds the others. The
password is taken from VERBATIM_PASSWORD, or made and printed.

"fleet reader" makes what a tool of IT reads the fleet with, over MQTT: ca.pem, reader.pem, reader.key. The hub may run.
It prints the client id. With --revoke it may connect no more, and its connections end within a second where the hub runs;
the name is not given again. --list prints a line for each: client id, since when, until when.

"fleet batch" makes one-time codes for the machines of a shipment: a line each, CODE;COURT;NAME. A code goes into a machine
as the file that its configuration calls fleet.codeFile, or is typed; the machine is then one of that court. With --hub the
hub, which runs, expects them from now on; the password of that administrator is taken from VERBATIM_PASSWORD. Without it
somebody gives the file to the console.

  --config FILE  its configuration, JSON
  --role ROLE    viewer, operator or administrator; administrator when left out
  --to DIR       folder of the three files, or the file of codes; never written over
  --court ID     court of the shipment: lower-case letters, digits, hyphens; --court-name its name for people
  --hub URL      address of the console, with --user NAME, an administrator
  --ca FILE      certificates in PEM that the hub must lead to; on this machine any is believed, from elsewhere those of
                 the system without it

Exit codes: the hub's own; 128 and the signal's number when a signal ended it; 1 the hub runs with this home, or refuses; 64 wrong
command line.`,
  run: async (words, around) => {
    if (words[0] === 'batch') return giveBatch(words.slice(1), around)
    if (words[0] === 'reader') return readerCommand(words.slice(1), around)
    const options = { config: { type: 'string' }, role: { type: 'string' } } as const
    const sub = words[0] === 'user' ? words[0] : null
    const { values, operands } = readWords(sub ? words.slice(1) : words, options, sub ? ['The name'] : [])
    if (values.config === undefined) throw new VerbatimError('USAGE', '--config FILE is missing.')
    if (sub === 'user') return addUser(operands[0]!, values.role ?? 'administrator', values.config, around)
    return runHub(values.config, around)
  },
}
