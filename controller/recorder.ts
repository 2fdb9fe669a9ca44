/**
 * PROGRAM. The appliance: config, ports, loop, orderly end.
 *
 *   node recorder.js --config FILE
 *
 * SIGINT closes the hearing in order, ends the workers, and ends. SIGTERM ends the recorder alone: capture goes on, and
 * the next recorder takes it over (R10). Exit codes: 0 in order, 1 failed, 64 wrong command line, 75 to be started again
 * with the configuration that the hub has sent, 78 wrong configuration.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { messageOf, VerbatimError } from './base/error.ts'
import { logger } from './base/log.ts'
import { now } from './base/monotonic.ts'
import { reason } from './base/reason.ts'
import { runProgram } from './base/run-program.ts'
import { softwareIn } from './base/software.ts'
import type { EventOf, Stamp } from './core/event.ts'
import { panelLampsOf } from './core/panel-lamps.ts'
import { planOf } from './core/plan.ts'
import { initialState } from './core/start.ts'
import { statusOf } from './core/status.ts'
import { Loop } from './loop.ts'
import { CaptureLink } from './ports/capture-link/capture-link.ts'
import { openClerkSocket } from './ports/clerk-socket.ts'
import { bootId, isSynchronized } from './ports/clock.ts'
import { findHearings } from './ports/evidence/find-hearings.ts'
import { openIdentity, takeCertificates } from './ports/identity/identity.ts'
import { TakenPresses } from './ports/panel/taken-presses.ts'
import { Register } from './ports/settings/register.ts'
import { KnownStores } from './ports/store/known-stores.ts'
import { StoreProbe } from './ports/store/probe.ts'
import { Appliance } from './recorder/appliance.ts'
import { Attest } from './recorder/attest.ts'
import { Fleet } from './recorder/fleet/fleet.ts'
import { LogLines } from './recorder/fleet/log-lines.ts'
import { RemoteConfig } from './recorder/fleet/remote-config.ts'
import { Panels } from './recorder/panels.ts'
import { PowerWatch } from './recorder/power-watch.ts'
import { recoverHearing } from './recorder/recover.ts'
import { selfTest } from './recorder/self-test.ts'
import { SelfTester } from './recorder/self-tester.ts'
import type { FromRecorder, ToRecorder } from './wire/clerk.ts'
import { type Config, parseConfig } from './wire/config.ts'

const TICK_MS = 250
const CLOCK_MS = 10_000
/** Room for a minute is kept, so that a journal can always be ended. */
const RESERVE_S = 60
/** A seal on a closed hearing of a day reads its journal first. */
const ANSWER_WITHIN_MS = 30_000
/** A disk that hangs does not keep the recorder from starting. */
const PROBED_WITHIN_MS = 1_000
/** Nor from ending. */
const LAST_WRITE_MS = 1_000
/** EX_TEMPFAIL: ended in order, to be started again with another configuration. */
const START_AGAIN = 75

const NO_KEY = 'The key of this recorder does not answer: hearings are recorded, but not signed; call technical support'

const logLines = new LogLines()
const log = logger('recorder', {}, (line) => logLines.push(line))

const readConfig = (file: string): { config: Config; json: unknown; sha256: string } => {
  let text: string
  let json: unknown
  try {
    text = readFileSync(file, 'utf8')
    json = JSON.parse(text)
  } catch (cause) {
    throw new VerbatimError('CONFIG_UNREADABLE', `${file}: ${messageOf(cause)}`, { cause })
  }
  return { config: parseConfig(json), json, sha256: createHash('sha256').update(text).digest('hex') }
}

const gstreamerVersion = (): string => {
  try {
    return /version (\S+)/.exec(execFileSync('gst-inspect-1.0', ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

/** What is asked of the core, and answered. */
type Asked = Without<EventOf<'button-pressed' | 'seal-asked' | 'self-test-asked'>, 'request' | keyof Stamp>
type Without<E, K extends PropertyKey> = E extends unknown ? Omit<E, K> : never

/** What a question of the clerk's means to the core. */
const askedBy = (request: Extract<ToRecorder, { do: 'press' | 'seal' | 'self-test' }>): Asked => {
  if (request.do === 'self-test') return { is: 'self-test-asked' }
  if (request.do === 'press') {
    const { button, by, case: caseNumber = '', note = '' } = request
    return { is: 'button-pressed', button, by, case: caseNumber, note } as const
  }
  const { hearing, tracks, fromMs, toMs, by, why } = request
  return { is: 'seal-asked', hearing, portion: { tracks, fromMs, toMs }, by, why } as const
}

/** A thread that hangs in a disk would hang `process.exit` too, which waits for it. */
const endNow = async (code = 0): Promise<void> => {
  const isWaiting = () => process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))
  for (let waited = 0; isWaiting() && waited < LAST_WRITE_MS; waited += 50) await sleep(50)
  if (isWaiting()) process.kill(process.pid, 'SIGKILL')
  process.exit(code)
}

const run = async (file: string): Promise<void> => {
  const local = readConfig(file)
  const ofHub = local.config.fleet ? await RemoteConfig.open(local.json, local.config, local.sha256, log) : null
  /** The harmless part of it may be changed from afar while the recorder runs. */
  let config = ofHub?.config ?? local.config
  let sha256 = ofHub?.remote.sha256 ?? local.sha256
  mkdirSync(config.runtimeDir, { recursive: true })
  chmodSync(config.runtimeDir, 0o700)
  const paths = Object.fromEntries(config.stores.map(({ name, path }) => [name, path]))
  const plan = planOf(config)
  const boot = bootId()

  let begin = (): void => {}
  /** Presses, questions and signals wait until it is known what was going on. */
  const started = new Promise<void>((resolve) => {
    begin = resolve
  })
  const answers = new Map<number, (answer: FromRecorder) => void>()
  let requests = 0
  const answer = async (request: ToRecorder): Promise<FromRecorder> => {
    await started
    if (request.do === 'status') {
      const status = statusOf(loop.current, now().atMs, paths)
      return { is: 'status', status: fleet ? { ...status, fleet: fleet.status } : status }
    }
    if (request.do === 'docket') return { is: 'docket', docket: fleet?.docket ?? null }
    if (request.do === 'hearings') return { is: 'hearings', hearings: register.list() }
    return judged(askedBy(request))
  }
  const judged = (asked: Asked): Promise<FromRecorder> => {
    const number = ++requests
    return new Promise((resolve) => {
      answers.set(number, resolve)
      setTimeout(() => answers.delete(number), ANSWER_WITHIN_MS)
      loop.push({ ...asked, request: number, ...now() })
    })
  }
  // Whoever holds the socket is the recorder; everything else comes after it.
  const clerks = await openClerkSocket({
    path: join(config.runtimeDir, 'recorder.sock'),
    answer,
    complain: (text) => log.warn(text),
  })

  const opening = openIdentity({
    config: config.identity,
    dir: join(config.stateDir, 'device'),
    name: `${config.court}, ${config.room}`,
  }).catch((fault: unknown) => {
    log.error({ fault: messageOf(fault) }, NO_KEY)
    return reason(NO_KEY, messageOf(fault))
  })
  const hearings = await findHearings(config.stores.map(({ path }) => path))
  const taken = await TakenPresses.open(config.stateDir)
  if (taken.fault) log.warn({ fault: messageOf(taken.fault) }, 'which presses were taken last is not known any more')
  const register = await Register.open(config.stateDir, async () => hearings)
  if (register.repaired) log.warn(register.repaired, register.repaired.clerk)
  const link = new CaptureLink(
    config,
    (event) => loop.push(event),
    (source, tried) => tester.heard(source, tried),
  )
  const software = softwareIn(dirname(fileURLToPath(import.meta.url)))
  const gstreamer = gstreamerVersion()
  const opened = await opening
  const identity = 'signer' in opened ? opened : null
  for (const repair of identity?.repairs ?? []) log.warn({ engineer: repair.engineer }, repair.clerk)
  const fleet: Fleet | null =
    config.fleet && ofHub
      ? new Fleet({
          ...{ config, fleet: config.fleet, boot, log, remote: ofHub.remote },
          evidence: identity?.signer ?? null,
          evidenceKey: () => identity?.entry.key ?? null,
          about: { version: software.version, softwareSha256: software.sha256, node: software.node, gstreamer },
          takeEvidence: async (chain) => {
            if (identity) await takeCertificates(identity, join(config.stateDir, 'device'), chain)
          },
          askSelfTest: async () => {
            const said = await judged({ is: 'self-test-asked' })
            if (said.is !== 'refused') return null
            return { fault: said.code === 'HEARING_OPEN' ? 'HEARING_OPEN' : 'SHUTTING_DOWN', text: said.text }
          },
          lightPanels: () => {
            panels?.testLamps()
            return Object.values(loop.current.panels).some(({ is }) => is === 'found')
          },
          logLines: (maxBytes) => logLines.latest(maxBytes),
          restart: (why) => {
            exitCode = START_AGAIN
            loop.push({ is: 'shutdown-asked', reason: reason('The recorder starts again.', why), ...now() })
          },
          takeLive: (next, nextSha256, why) => {
            config = next
            sha256 = nextSha256
            link.take(config)
            const told = reason('Names and limits were changed from afar.', why)
            log.info({ engineer: told.engineer }, told.clerk)
            loop.push({ is: 'settings-changed', plan: planOf(config), sha256, reason: told, ...now() })
          },
        })
      : null
  const attest: Attest | null = await Attest.open({
    config,
    log,
    ofFleet: fleet?.witness ?? null,
    device: () => identity!.entry,
    append: (hearing, body) => appliance.add(hearing, body),
    addLate: (hearing, body): Promise<void> => appliance.addLate(hearing, body),
  }).catch((fault: unknown) => {
    log.error({ fault: messageOf(fault) }, 'nobody is told of signed places: their folder cannot be used')
    return null
  })
  const withoutRecording = () =>
    selfTest({
      identity: opened,
      sources: config.sources,
      stores: config.stores,
      latestProbe: (store) => probe.latest(store),
      isSynchronized,
      software,
      utcMs: now().utcMs,
    })
  const tester = new SelfTester({
    get config() {
      return config
    },
    log,
    withoutRecording,
    testLamps: () => panels?.testLamps(),
    send: (source, run, message) => link.send(source, run, message),
    report: (event) => loop.push(event),
  })
  const appliance: Appliance = new Appliance({
    tester,
    get config() {
      return config
    },
    get configSha256() {
      return sha256
    },
    link,
    register,
    log,
    software,
    gstreamer,
    identity,
    attest,
    report: (event) => loop.push(event),
    answer: (request, said) => {
      answers.get(request)?.(said)
      answers.delete(request)
    },
    end: () => end('everything is closed'),
  })
  const loop: Loop = new Loop(
    initialState(plan, now().atMs),
    appliance.executors,
    appliance.observe,
    (command, fault) => log.error({ do: command.do, fault: messageOf(fault) }, 'a command could not be carried out'),
    (state) => fleet?.look(state, now()),
  )

  let panels: Panels | null = null
  let powerWatch: PowerWatch | null = null
  let ending = false
  let exitCode = 0
  const end = (why: string): void => {
    if (ending) return
    ending = true
    clerks.close()
    panels?.close()
    powerWatch?.close()
    link.detach()
    log.info(`ended: ${why}`)
    const told = Promise.race([attest?.stop(), sleep(LAST_WRITE_MS)])
    void Promise.all([appliance.settle(), told, fleet?.stop(why)]).then(() => endNow(exitCode))
  }
  process.on('SIGINT', () =>
    started.then(() =>
      loop.push({ is: 'shutdown-asked', reason: reason('The recorder is switched off.', 'SIGINT'), ...now() }),
    ),
  )
  process.on('SIGTERM', () => end('SIGTERM; capture goes on'))

  const probe = new StoreProbe({
    stores: config.stores,
    reserveBytes: plan.bytesPerSecond * RESERVE_S,
    known: await KnownStores.open(config.stateDir),
    report: (probe) => loop.push({ is: 'store-probed', ...probe, ...now() }),
  })
  // Living workers are heard at once, and told of once the core knows of their hearing.
  const [living] = await Promise.all([link.findLiving(), Promise.race([probe.start(), sleep(PROBED_WITHIN_MS)])])
  const livingHearings = new Set(living.flatMap(({ hearing }) => hearing ?? []))
  const open = await recoverHearing(config, boot, hearings, livingHearings, appliance, log)
  const lastRuns = Object.fromEntries(living.map(({ source, run }) => [source, run]))
  const hearingIds = hearings.map(({ id }) => id)
  loop.push({ is: 'recorder-started', boot, open, lastRuns, hearingIds, taken: taken.last, ...now() })
  if (!('signer' in opened)) loop.push({ is: 'signing-failed', reason: opened, ...now() })
  attest?.start()
  powerWatch = new PowerWatch({ config, log, report: (event) => loop.push(event) })
  appliance.remember()
  link.adoptAll()
  begin()
  fleet?.start()
  panels = new Panels({
    ...{ config, log, taken, press: judged },
    report: (event) => loop.push(event),
    durable: () => appliance.durable(),
  })

  void withoutRecording().then((results) => {
    for (const { what, detail } of results.filter(({ ok }) => !ok)) log.warn({ what, detail }, `self-test: ${what}`)
    loop.push({ is: 'self-tested', trial: null, results, ...now() })
  })
  const readClock = () =>
    void isSynchronized().then((synchronized) => loop.push({ is: 'clock-read', boot, synchronized, ...now() }))
  readClock()
  setInterval(() => {
    readClock()
    loop.push({ is: 'witness-heard', away: attest?.witnessAway ?? null, ...now() })
    if (fleet) loop.push({ is: 'hub-heard', away: fleet.hubAway, ...now() })
  }, CLOCK_MS)
  setInterval(() => {
    // Once it lets go of its workers nobody is heard any more: that is no reason to kill them.
    if (ending) return
    appliance.watch()
    loop.push({ is: 'tick', ...now() })
    // Only what has just been judged is shown: a recorder that hangs is silent, and its panels say so.
    panels?.show(panelLampsOf(loop.current, now().atMs))
    powerWatch?.show(loop.current)
    fleet?.look(loop.current, now())
  }, TICK_MS)
  log.info(
    { room: config.room, sources: config.sources.length, tracks: plan.tracks.length, version: software.version },
    'ready',
  )
}

await runProgram('recorder', log, run)
