import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { VerbatimError } from '../base/error.ts'
import { membershipOf } from '../simulator/enrolling.ts'
import { giveDockets } from '../simulator/give-dockets.ts'
import { atLocal, workingDayAt } from '../simulator/local-day.ts'
import { roomsOf } from '../simulator/room.ts'
import { SimulatedFleet } from '../simulator/simulated-fleet.ts'
import { simulatedTime } from '../simulator/simulated-time.ts'
import { takeIn } from '../simulator/take-in.ts'
import { type Command, EXIT } from './command.ts'
import { readWords } from './options.ts'

const CONNECTS_PER_SECOND = 50
/** Of the disk: beyond it events are kept in memory. */
const MOST_IN_FILES = 500

/** `verbatim simulate` */
export const simulateCommand: Command = {
  name: 'simulate',
  does: 'be many recorders of a fleet that do not exist, for a demonstration or to put load on a hub',
  help: `verbatim simulate --devices N --hub URL --home DIR [--user NAME --password-file FILE] [--seed N] [--speed X]
                  [--at HH:MM] [--dockets]

N courtrooms in courts of the whole country, with days as courts have them: hearings, recesses, faults. Nothing is
recorded; what their recorders would say goes to the hub by the connection and the outbox of real ones, until SIGINT
(Ctrl-C) or SIGTERM.

  --devices N           rooms, from 1 to 5000
  --hub URL             address of the hub's console, such as https://localhost:8443
  --home DIR            where the rooms keep keys, certificates and events that wait
  --user NAME           an administrator of the hub, by whom the rooms are enrolled; without one their codes are printed
  --password-file FILE  holds the administrator's password and nothing else
  --seed N              another number makes another fleet (default 1)
  --speed X             how much faster than life days go by (default 1)
  --at HH:MM            time of day in Kazakhstan at which the day begins (default: the present time, on a working day)
  --dockets             give the hub each room's docket of the day, as its operator would; needs --user

Exit codes: 0 ended by a signal; 1 the hub refuses or does not answer; 64 wrong command line.`,
  run: async (words, { tell }) => {
    const { values } = readWords(words, {
      ...{ devices: { type: 'string' }, hub: { type: 'string' }, home: { type: 'string' }, user: { type: 'string' } },
      ...{ 'password-file': { type: 'string' }, at: { type: 'string' }, dockets: { type: 'boolean', default: false } },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
    })
    const home = resolve(needed('--home DIR', values.home))
    const hub = needed('--hub URL', values.hub)
    const rooms = roomsOf(numberIn('--seed', values.seed, 0, 1e9), numberIn('--devices', values.devices, 1, 5_000))
    const speed = numberIn('--speed', values.speed, 0.1, 1_000)
    const dayMs = dayFrom(values.at)
    const stop = new AbortController()
    const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => stop.abort())
    const say = (line: string): void => tell(`${line}\n`)
    const administrator = administratorIn(values.user, values['password-file'])
    if (values.dockets && !administrator) throw new VerbatimError('USAGE', '--dockets needs --user.')
    const members = await takeIn({ home, hub, rooms, administrator, say, signal: stop.signal })
    const docketKey = await identityToRecipient(await generateIdentity())
    const time = simulatedTime(Date.now(), dayMs, speed)
    const fleet = new SimulatedFleet({
      ...{ rooms, time, connectsPerSecond: CONNECTS_PER_SECOND },
      membership: ({ device }) => membershipOf(members.get(device)!, docketKey),
      ...(rooms.length <= MOST_IN_FILES
        ? { folder: ({ device }: { device: string }) => join(home, 'devices', device) }
        : {}),
    })
    fleet.start()
    if (values.dockets && administrator)
      void giveDockets({ hub, administrator, devices: fleet.devices, time, say, signal: stop.signal })
    say(`${rooms.length} rooms are at work`)
    await ended
    await fleet.end()
    return EXIT.well
  },
}

const needed = (what: string, value: string | undefined): string => {
  if (value) return value
  throw new VerbatimError('USAGE', `${what} is missing.`)
}

const numberIn = (option: string, text: string | undefined, least: number, most: number): number => {
  const number = Number(needed(`${option} N`, text))
  if (number >= least && number <= most && (option === '--speed' || Number.isInteger(number))) return number
  throw new VerbatimError('USAGE', `${option} wants a number from ${least} to ${most}, not "${text}".`)
}

const administratorIn = (name: string | undefined, file: string | undefined) => {
  if (name === undefined && file === undefined) return null
  if (name === undefined || file === undefined)
    throw new VerbatimError('USAGE', '--user and --password-file belong together.')
  try {
    return { name, password: readFileSync(file, 'utf8').trim() }
  } catch {
    throw new VerbatimError('USAGE', `${file} cannot be read.`)
  }
}

/** Milliseconds since 1970, on a working day: today, or the last one. */
const dayFrom = (text: string | undefined): number => {
  const nowMs = Date.now()
  const midnight = atLocal(workingDayAt(nowMs), 0)
  if (text === undefined) return midnight + ((nowMs - atLocal(0, 0)) % 86_400_000)
  const [, hours, minutes] = (/^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []).map(Number)
  if (hours === undefined || minutes === undefined)
    throw new VerbatimError('USAGE', `--at wants HH:MM from 00:00 to 23:59, not "${text}".`)
  return midnight + (hours * 60 + minutes) * 60_000
}
