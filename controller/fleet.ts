/**
 * PROGRAM. The hub of a region: config, ports, hub, orderly end.
 *
 *   node fleet.js --config FILE
 *
 * The first line on standard output is JSON: { web, mqtt, witness, operator }. Everything else is the log, on standard
 * error. SIGTERM and SIGINT end it in order. Exit codes: 0 in order, 1 failed, 64 wrong command line, 78 wrong
 * configuration.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { codeOf, messageOf } from './base/error.ts'
import { runProgram } from './base/run-program.ts'
import { Hub } from './hub/hub.ts'
import { hubBackend } from './hub/hub-backend.ts'
import { openBroker } from './hub/hub-broker.ts'
import { openHome } from './hub/hub-home.ts'
import { keptNotices } from './hub/kept-notices.ts'
import { secretIn } from './hub/notice-targets.ts'
import { openEnrolments } from './hub/open-enrolments.ts'
import { openWitness } from './hub/open-witness.ts'
import { readHubConfig } from './hub/read-hub-config.ts'
import { rememberRooms } from './hub/remember.ts'
import { renewing } from './hub/renewing.ts'
import { SaidLater } from './hub/said-later.ts'
import { startTidying } from './hub/tidying.ts'
import { ToDevices } from './hub/to-devices.ts'
import { startConsole } from './ports/console/console-server.ts'
import { EventStore } from './ports/event-store/event-store.ts'
import { HubLink } from './ports/hub-link/hub-link.ts'

const PAGE_FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'pages', 'fleet')

// Standard output belongs to the first line: whoever starts the hub reads the addresses there.
const log = pino(
  { level: process.env.VERBATIM_LOG ?? 'info', base: { program: 'fleet' }, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: 2, sync: true }),
)

const run = async (file: string): Promise<void> => {
  const config = readHubConfig(file)
  const { region, keep, certificates, escalation, homeAssistant } = config
  const home = await openHome(config)
  const { authority, register, readers, operator, witnessKey } = home

  const store = await EventStore.open({
    folder: join(config.home, 'store'),
    onKept: (events, done) => hub.kept(events, done),
    onFault: (why) =>
      why === null ? log.info('the store takes events again') : log.error({ code: 'EVENTS_UNKEPT' }, why),
  })
  const notices = keptNotices(config, store, log)
  const broker = await openBroker(config, home, {
    log,
    takenOver: (device) => hub.tell({ is: 'connection-taken', device }),
    rightsTold: (fault) => hub.hold('RIGHTS_UNTOLD', fault),
  })
  const enrolments = openEnrolments(home, broker)
  const line = new SaidLater((topic, payload, how) => link.publishRaw(topic, payload, how))
  const hub = new Hub({
    ...{ store, line, enrolments, log, homeAssistant },
    ...{ graceMinutes: escalation.lateMinutes, escalateAfterMinutes: escalation.afterMinutes },
    certificateDays: certificates.days,
    tellPeople: (why, row) => notices.tell(why, row),
  })
  const desk = openWitness(config, home, hub, log)
  await rememberRooms(hub, store, register.devices())

  const link = new HubLink({
    way: broker.way,
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
      broker.tellRights()
    },
  })
  readers.watch(
    (gone) => {
      for (const name of gone) {
        log.info({ name }, 'a reader was revoked')
        broker.kickReader(name)
      }
      broker.tellRights()
    },
    (fault) => log.error({ code: codeOf(fault) }, `readers cannot be read again: ${messageOf(fault)}`),
  )
  broker.tellRights()
  link.start()
  hub.start()

  const { names, host, port, tls } = config.web
  const { tokenFile } = config.prometheus
  const shown = await authority.serverFiles(names)
  const toDevices = new ToDevices(hub, store, operator)
  const web = await startConsole({
    ...{ host, port, tls: tls ? shown : null, people: home.people, audit: home.audit, pageFolder: PAGE_FOLDER, log },
    backend: hubBackend({
      ...{ region, hub, store, toDevices, enrolments, courts: home.courts, desk, historyDays: keep.historyDays },
    }),
    prometheusToken: tokenFile === undefined ? null : secretIn(tokenFile),
  })
  const renewal = renewing({
    ...{ authority, names, shown, broker, web, log },
    told: (fault) => hub.hold('CERTIFICATE_UNRENEWED', fault),
  })
  renewal.now()
  const endTidying = startTidying(store, keep, log)

  const end = async (why: string): Promise<void> => {
    endTidying()
    readers.close()
    renewal.end()
    await web.stop()
    await link.stop()
    await broker.stop()
    hub.stop()
    notices.stop()
    await store.write().catch(() => {})
    await store.close()
    home.unlock()
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
    `${JSON.stringify({ web: web.url, mqtt: broker.mqtt, witness: witnessKey.id, operator: operator.publicKey })}\n`,
  )
  if (!home.people.list().length)
    log.warn(`nobody can log in yet: run  verbatim fleet user NAME --config ${file}  with the hub stopped`)
  log.info({ region, rooms: hub.roster.rooms.size }, 'ready')
}

await runProgram('fleet', log, run)
