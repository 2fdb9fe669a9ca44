/**
 * PROGRAM. The hub of a region: config, ports, hub, orderly end.
 *
 *   node fleet.js --config FILE
 *
 * The first line on standard output is JSON: { web, mqtt, witness, operator }. Everything else is the log, on standard
 * error. SIGTERM and SIGINT end it in order. Exit codes: 0 in order, 1 failed, 64 wrong command line, 78 wrong
 * configuration.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { makeFolders } from './base/durable.ts'
import { codeOf, messageOf, VerbatimError } from './base/error.ts'
import { now } from './base/monotonic.ts'
import { runProgram } from './base/run-program.ts'
import { AgeClock } from './hub/age-clock.ts'
import { Courts } from './hub/courts.ts'
import { Hub } from './hub/hub.ts'
import { hubBackend } from './hub/hub-backend.ts'
import { noticeTargets, secretIn } from './hub/notice-targets.ts'
import { enrolmentsOf } from './hub/open-enrolments.ts'
import { OperatorKey } from './hub/operator-key.ts'
import { OwnFaults } from './hub/own-faults.ts'
import { rememberRooms } from './hub/remember.ts'
import { SaidLater } from './hub/said-later.ts'
import { ToDevices } from './hub/to-devices.ts'
import { FleetWitness } from './hub/witness-desk.ts'
import { Authority, READER_PREFIX, type TlsFiles } from './ports/authority/authority.ts'
import { EnrolmentDesk } from './ports/authority/enrolment-desk.ts'
import { ExpectedCodes } from './ports/authority/expected-codes.ts'
import { ReaderRegister } from './ports/authority/readers.ts'
import { AuthorityRegister } from './ports/authority/register.ts'
import { Broker } from './ports/broker/broker.ts'
import { BrokerRights } from './ports/broker-rights/broker-rights.ts'
import { takePlace } from './ports/broker-rights/take-place.ts'
import { AuditLog } from './ports/console/audit-log.ts'
import { startConsole } from './ports/console/console-server.ts'
import { People } from './ports/console/people.ts'
import { EventStore } from './ports/event-store/event-store.ts'
import { lockHome } from './ports/event-store/lock-home.ts'
import { HubLink, type Way } from './ports/hub-link/hub-link.ts'
import { Notices } from './ports/notices/notices.ts'
import { Book } from './ports/witness-book/book.ts'
import { WitnessDesk } from './ports/witness-book/desk.ts'
import { openWitnessKey } from './ports/witness-book/witness-key.ts'
import { type HubConfig, parseHubConfig } from './wire/hub-config.ts'

const TIDY_MS = 10 * 60_000
const RENEW_MS = 60_000
const DAY_MS = 86_400_000
const SLOT_SECONDS = 600

// Standard output belongs to the first line: whoever starts the hub reads the addresses there.
const log = pino(
  { level: process.env.VERBATIM_LOG ?? 'info', base: { program: 'fleet' }, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: 2, sync: true }),
)

const readConfig = (file: string): HubConfig => {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new VerbatimError('CONFIG_UNREADABLE', `${file}: ${messageOf(cause)}`, { cause })
  }
  return parseHubConfig(json)
}

type Outside = Extract<HubConfig['broker'], { kind: 'outside' }>

const isPlain = (urls: readonly string[]): boolean => urls.every((url) => url.startsWith('mqtt:'))

/** What the hub connects with, as it is then: whoever renews files of their own puts others in their place. */
const outsideFiles = (wanted: Outside, authority: Authority) => async (): Promise<TlsFiles> => {
  const own = await authority.hubFiles()
  return {
    ...(wanted.cert && wanted.key ? { cert: secretIn(wanted.cert), key: secretIn(wanted.key) } : own),
    ca: wanted.ca ? secretIn(wanted.ca) : own.ca,
  }
}

const openBroker = async (
  config: HubConfig,
  authority: Authority,
  register: AuthorityRegister,
  readers: ReaderRegister,
  takenOver: (device: string) => void,
): Promise<{ way: Way; mqtt: string; broker: Broker | null }> => {
  const { broker: wanted, web } = config
  if (wanted.kind === 'outside') {
    const files = outsideFiles(wanted, authority)
    // What is wrong at the start is told at once, and no retry hides it.
    await files()
    return {
      way: { is: 'outside', urls: wanted.urls, tls: isPlain(wanted.urls) ? null : files },
      mqtt: wanted.publicUrl,
      broker: null,
    }
  }
  const broker = await Broker.start({
    ...{ host: wanted.host, port: wanted.port, maxDevices: wanted.maxDevices },
    ...(wanted.maxPerAddress === undefined ? {} : { maxPerAddress: wanted.maxPerAddress }),
    ...{ messagesPerSecond: wanted.messagesPerSecond, tls: await authority.serverFiles(web.names) },
    admit: ({ name, court, serial }) => {
      if (name.startsWith(READER_PREFIX))
        return serial !== null && readers.isGood(name, serial) ? { is: 'reader', name } : null
      if (court === null || serial === null || !register.isGood(name, serial)) return null
      return { is: 'device', device: name, court }
    },
    told: ({ code, client, address, why }) => {
      if (code === 'taken-over') takenOver(client)
      log.warn({ code, client, address }, why)
    },
  })
  const way: Way = { is: 'inside', open: () => broker.connectInside() }
  return { way, mqtt: `mqtts://${web.names[0] ?? 'localhost'}:${broker.port}`, broker }
}

/** Tells an outside broker who may connect: at the start, at each change, and daily, for its list of revoked ones ends. */
const tellRights = (
  config: HubConfig,
  authority: Authority,
  register: AuthorityRegister,
  readers: ReaderRegister,
  ownFaults: OwnFaults,
): (() => void) => {
  const { broker, home } = config
  if (broker.kind !== 'outside' || broker.rights === 'none') return () => {}
  const [url] = broker.urls
  const putOut = async (name: string): Promise<void> => {
    const [{ cert, key }, { ca }] = [await authority.issuePlaceTaker(name), await outsideFiles(broker, authority)()]
    await takePlace(name, { url: url!, ca, cert, key })
    log.info({ name }, 'the connection of one who is revoked was ended')
  }
  const isRevoked = ({ revokedAt }: { revokedAt: string | null }): boolean => revokedAt !== null
  const rights = new BrokerRights({
    ...{ broker: broker.rights, folder: join(home, 'broker'), reload: broker.reload },
    ...(broker.rights === 'mosquitto' && !isPlain(broker.urls) ? { putOut } : {}),
    rights: async () => ({
      members: [...register.devices()].filter(({ revokedAt }) => revokedAt === null),
      readers: readers.names(),
      revoked: [
        ...[...register.devices()].filter(isRevoked).map(({ device }) => device),
        ...readers
          .list()
          .filter(isRevoked)
          .map(({ name }) => name),
      ],
      crl: await authority.crl([...register.revoked(new Date()), ...readers.revoked(new Date())]),
    }),
  })
  const tell = (): void => {
    rights.tell().then(
      () => {
        ownFaults.hold('RIGHTS_UNTOLD', null, now().utcMs)
        log.info('the broker knows who may connect')
      },
      (fault: unknown) => {
        ownFaults.hold('RIGHTS_UNTOLD', messageOf(fault), now().utcMs)
        log.error({ code: codeOf(fault) }, messageOf(fault))
      },
    )
  }
  register.onChanged = tell
  setInterval(tell, DAY_MS).unref()
  tell()
  return tell
}

const run = async (file: string): Promise<void> => {
  const config = readConfig(file)
  const { home, region, keep, certificates, escalation } = config
  await makeFolders(home)
  const unlock = await lockHome(home)
  const [operator, witnessKey] = [await OperatorKey.open(home), await openWitnessKey(join(home, 'witness'))]
  const authority = await Authority.open({ home: join(home, 'authority'), region, days: certificates.days })
  const register = await AuthorityRegister.open(join(home, 'authority'))
  const expected = await ExpectedCodes.open(join(home, 'authority'))
  const courts = await Courts.open(home, region, config.courts)
  const targets = noticeTargets(config)
  const ownFaults = new OwnFaults()

  const store = await EventStore.open({
    folder: join(home, 'store'),
    onKept: (events, done) => hub.kept(events, done),
    onFault: (why) =>
      why === null ? log.info('the store takes events again') : log.error({ code: 'EVENTS_UNKEPT' }, why),
  })
  const readers = await ReaderRegister.open(join(home, 'authority'))
  const tellBroker = tellRights(config, authority, register, readers, ownFaults)
  const { way, mqtt, broker } = await openBroker(config, authority, register, readers, (device) =>
    hub.tell({ is: 'connection-taken', device }),
  )
  readers.watch(
    (gone) => {
      for (const name of gone) {
        log.info({ name }, 'a reader was revoked')
        broker?.kickReader(name)
      }
      tellBroker()
    },
    (fault) => log.error({ code: codeOf(fault) }, `readers cannot be read again: ${messageOf(fault)}`),
  )
  const desk = new EnrolmentDesk({
    ...{ authority, register, expected },
    told: () => ({ operatorKey: operator.publicKey, witness: witnessKey.id, mqtt }),
    sign: (text) => operator.sign(text),
  })
  const enrolments = enrolmentsOf(desk, register, expected, (device) => broker?.kick(device))
  const line = new SaidLater((topic, payload, how) => link.publishRaw(topic, payload, how))
  const notices = new Notices({
    targets,
    shelf: {
      keep: (id, target, text) => store.writeLater({ name: 'keepNotice', values: [id, target, text, 1, Date.now()] }),
      drop: (id) => store.writeLater({ name: 'dropNotice', values: [id] }),
      kept: () => store.read.notices().map(({ id, target, body }) => ({ id, target, text: body })),
    },
    complain: (text) => log.warn({ code: 'NO_ANSWER' }, text),
  })
  const hub = new Hub({
    ...{ store, ownFaults, line, enrolments, log, homeAssistant: config.homeAssistant },
    ...{ graceMinutes: escalation.lateMinutes, escalateAfterMinutes: escalation.afterMinutes },
    certificateDays: certificates.days,
    tellPeople: (why, row) => notices.tell(why, row),
  })
  const witnessDesk = new WitnessDesk({
    ...{ book: new Book(join(home, 'witness', 'book')), key: witnessKey, log },
    conflicts: join(home, 'witness', 'conflicts.ndjson'),
  })
  hub.witness = new FleetWitness({
    ...{ desk: witnessDesk, log },
    evidenceKeyOf: (device) => register.find(device)?.evidenceKey ?? null,
    answer: (device, said) => hub.publish(device, 'receipt', said),
    contradicted: (device, detail) => hub.tell({ is: 'witness-contradicted', device, detail }),
  })
  await rememberRooms(hub, store, register.devices())
  const link = new HubLink({
    way,
    heard: (topic, payload, kept) => hub.received(topic, payload, kept),
    strange: (topic, bytes) =>
      log.warn({ code: 'MESSAGE_INVALID', topic: topic.slice(0, 200), bytes }, 'no topic of ours'),
    changed: (connected, why) => {
      if (connected) log.info('connected to the broker')
      else log.warn({ code: 'NO_ANSWER' }, `no broker: ${why}`)
      hub.tell({ is: 'link-changed', connected })
      if (!connected) return
      line.connected()
      // Whoever was to be put out while there was no broker.
      tellBroker()
    },
  })
  link.start()
  hub.start()

  const toDevices = new ToDevices(hub, store, operator)
  const backend = hubBackend({
    ...{ region, hub, store, toDevices, enrolments, courts, desk: witnessDesk, historyDays: keep.historyDays },
  })
  const people = await People.open(home)
  const { tokenFile } = config.prometheus
  const web = await startConsole({
    ...{ host: config.web.host, port: config.web.port, backend, people, log },
    tls: config.web.tls ? await authority.serverFiles(config.web.names) : null,
    pageFolder: join(dirname(fileURLToPath(import.meta.url)), 'pages', 'fleet'),
    audit: await AuditLog.open(home),
    prometheusToken: tokenFile === undefined ? null : secretIn(tokenFile),
  })
  let shown = await authority.serverFiles(config.web.names)
  // It ends while the hub runs, or was made when the clock of the machine was wrong.
  const renewing = setInterval(() => {
    // With a broker outside the link asks for the hub's own when it connects; it is renewed before its end all the same.
    Promise.all([authority.serverFiles(config.web.names), broker ? null : authority.hubFiles()]).then(
      ([files]) => {
        ownFaults.hold('CERTIFICATE_UNRENEWED', null, hub.courtUtcMs)
        if (files.cert === shown.cert) return
        shown = files
        broker?.showCertificate(files)
        web.showCertificate(files)
        log.info('the hub shows a new certificate')
      },
      (fault: unknown) => {
        ownFaults.hold('CERTIFICATE_UNRENEWED', messageOf(fault), hub.courtUtcMs)
        log.error({ code: codeOf(fault) }, messageOf(fault))
      },
    )
  }, RENEW_MS)
  const ages = new AgeClock(store.read.storedLastMs(), now().atMs)
  const tidying = setInterval(() => {
    const nowMs = ages.read(now())
    const olderThanMs = nowMs - keep.eventDays * DAY_MS
    const historyBeforeSlot = Math.floor((nowMs - keep.historyDays * DAY_MS) / 1_000 / SLOT_SECONDS)
    store.tidy({ olderThanMs, bytes: keep.eventGigabytes * 1e9, historyBeforeSlot }).then(
      (removed) => removed && log.info({ removed }, 'old events were removed'),
      (fault: unknown) => log.error({ code: 'EVENTS_UNKEPT' }, messageOf(fault)),
    )
  }, TIDY_MS)

  const end = async (why: string): Promise<void> => {
    clearInterval(tidying)
    readers.close()
    clearInterval(renewing)
    await web.stop()
    await link.stop()
    await broker?.stop()
    hub.stop()
    notices.stop()
    await store.write().catch(() => {})
    await store.close()
    unlock()
    log.info(`ended: ${why}`)
    process.exit(0)
  }
  let ending = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (!ending) void end(signal)
      ending = true
    })
  process.stdout.write(
    `${JSON.stringify({ web: web.url, mqtt, witness: witnessKey.id, operator: operator.publicKey })}\n`,
  )
  if (!people.list().length)
    log.warn(`nobody can log in yet: run  verbatim fleet user NAME --config ${file}  with the hub stopped`)
  log.info({ region, rooms: hub.roster.rooms.size }, 'ready')
}

await runProgram('fleet', log, run)
