/** An outbox that is full: a million events on a real disk, and a smaller bound with the hub to tell. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MINUTE_MS, utcText } from '../../../../controller/base/units.ts'
import { FileShelf } from '../../../../controller/ports/outbox/file-shelf.ts'
import { Outbox } from '../../../../controller/ports/outbox/outbox.ts'
import { Uplink } from '../../../../controller/ports/uplink/uplink.ts'
import { ForgetfulMemory } from '../../../../controller/ports/uplink/uplink-memory.ts'
import type { Alarm } from '../../../../controller/wire/fleet/alarm.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import type { Filled, FillOrder } from './fill-process.ts'
import { bytesIn } from './kept-on-device.ts'
import { SmallRegion } from './small-region.ts'

const MILLION = 1_000_000
const NO_LIMIT = Number.MAX_SAFE_INTEGER
const BEYOND = 1_500
/** A smaller bound, and how many more are raised. */
const SMALL = { events: 300, refused: 100 }
const SMALL_BYTES = 64 << 10
const TOLD_WITHIN_MS = MINUTE_MS

const fill = async (root: string, order: FillOrder): Promise<Filled> => {
  const child = fork(join(root, 'scripts/lib/drill/fleet/fill-process.ts'), {
    execArgv: ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs')],
  })
  child.send(order)
  const [filled] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the process that fills ended: ${code}`))),
  ])) as [Filled]
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  return filled
}

const fillAll = async ({ root, home, say }: DrillPlace): Promise<Finding[]> => {
  const folder = join(home, 'million')
  const order = { folder, limits: { events: MILLION, bytes: NO_LIMIT } }
  say('a million events ...')
  const first = await fill(root, { ...order, beyond: BEYOND })
  const megabytes = bytesIn(folder) / 2 ** 20
  say('killed, and opened again ...')
  const again = await fill(root, { ...order, beyond: BEYOND })
  const byBytes = await fill(root, {
    ...{ folder: join(home, 'bytes'), limits: { events: MILLION, bytes: SMALL_BYTES }, beyond: BEYOND },
  })
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
  return [
    {
      what: 'events that wait before one is refused',
      wanted: `${MILLION}, OUTBOX_FULL said once`,
      seen: `${first.waiting}, ${first.complaints.OUTBOX_FULL ?? 0} time(s); ${megabytes.toFixed(0)} MiB, filled in ${seconds(first.filledMs)}, RSS ${first.rssMb.toFixed(0)} MiB`,
      isWell: first.waiting === MILLION && first.isFull && first.complaints.OUTBOX_FULL === 1,
    },
    {
      what: 'kill -9 when it is full, and opened again',
      wanted: `${MILLION}, full`,
      seen: `${again.waiting}, ${again.isFull ? 'full' : 'not full'}; opened in ${seconds(again.openedMs)}, RSS ${again.rssMb.toFixed(0)} MiB`,
      isWell: again.waiting === MILLION && again.isFull,
    },
    {
      what: `bound of ${SMALL_BYTES / 1_024} KiB instead`,
      wanted: 'full, and not far beyond',
      seen: `${byBytes.waiting} events, ${(bytesIn(join(home, 'bytes', 'events')) / 1_024).toFixed(0)} KiB`,
      isWell: byBytes.isFull && bytesIn(join(home, 'bytes', 'events')) < 2 * SMALL_BYTES,
    },
  ]
}

/** With the hub: what it hears of an outbox that was full while it was away. */
const tellHub = async (place: DrillPlace): Promise<Finding[]> => {
  const region = await SmallRegion.start(place, 1)
  const [room] = region.rooms
  const { device, court } = room!
  const { credentials } = region.memberships[device]!
  await region.hub.stop()
  const complaints: string[] = []
  const outbox = new Outbox({
    ...{ shelf: new FileShelf(join(place.home, 'small')), raiser: { court: court.id, device, boot: 'drill' } },
    limits: { events: SMALL.events, bytes: NO_LIMIT },
    complain: (code) => complaints.push(code),
  })
  const uplink = new Uplink({
    ...{ court: court.id, device, boot: 'drill', url: `mqtts://localhost:${region.mqttPort}`, events: outbox },
    ...{ credentials: () => credentials!, memory: new ForgetfulMemory(), heard: () => {}, complain: () => {} },
  })
  place.atEnd(async () => {
    await uplink.stop()
    await outbox.close()
  })
  uplink.start()
  for (let i = 0; i < SMALL.events; i++)
    outbox.raise({ kind: 'went-on-record', urgent: false, utcMs: Date.now(), data: {} })
  await outbox.settled()
  for (let i = 0; i < SMALL.refused; i++)
    outbox.raise({ kind: 'went-off-record', urgent: false, utcMs: Date.now(), data: {} })
  const alarm: Alarm = {
    ...{ code: 'DISK_FAILED', about: 'store', severity: 'failed', area: 'disk', recording: false, seq: 1 },
    ...{ since: utcText(Date.now()), text: 'A disk has failed', detail: 'drill', toDo: 'Nothing.' },
  }
  uplink.setAlarms(new Map([['DISK_FAILED', alarm]]))
  await outbox.settled()
  const last = outbox.last
  await region.hub.start()
  await region.look()
  const kept = () => region.kept().get(device) ?? []
  const untilMs = performance.now() + TOLD_WITHIN_MS
  while ((kept().length <= last || outbox.waiting > 0) && performance.now() < untilMs) await delay(200)
  const { events } = await region.detail(room!)
  const told = events.find(({ kind }) => kind === 'events-lost')
  return [
    {
      what: `bound of ${SMALL.events} events, ${SMALL.refused} more raised while the hub is away: what it gets`,
      wanted: `${SMALL.events} and the word that ${SMALL.refused} were refused`,
      seen: `${kept().length}; ${told ? `${told.data.count} ${told.data.why}` : 'nothing'}`,
      isWell: last === SMALL.events && kept().length === SMALL.events + 1 && told?.data.count === SMALL.refused,
    },
    {
      what: 'an alarm of that time, whose event was refused',
      wanted: 'shown',
      seen: (await region.hasAlarm(room!, 'DISK_FAILED')) ? 'shown' : 'not shown',
      isWell: await region.hasAlarm(room!, 'DISK_FAILED'),
    },
  ]
}

export const outboxFull: FleetDrill = {
  name: 'outbox-full',
  what: 'a million events wait on the disk of a device, and a smaller bound is reached while the hub is away',
  run: async (place) => [...(await fillAll(place)), ...(await tellHub(place))],
}
