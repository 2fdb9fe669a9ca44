/**
 * A device that exists twice: its disk was copied, certificate and outbox with it, and both machines run. The hub has to
 * say so, nothing of either may go silently, and they may not take each other's connection faster and faster.
 */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MINUTE_MS, SECOND_MS } from '../../../../controller/base/units.ts'
import type { MessageOf } from '../../../../controller/wire/fleet/topics.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { RaisingChild } from './raising-child.ts'
import type { Raised, RaisingOrder } from './raising-words.ts'
import { type HeardMessage, SmallRegion } from './small-region.ts'

/** The first is the doubled one. */
const MOST_ROOMS = 20
const EVENTS_PER_SECOND = 1
const ALONE_MS = 10 * SECOND_MS
const BOTH_MS = 3 * MINUTE_MS
const TOLD_WITHIN_MS = 2 * MINUTE_MS
/** In the last of these three minutes at most. */
const MOST_CONNECTIONS = 8
const PROMPT_MS = 5 * SECOND_MS
const DRAINED_WITHIN_MS = 4 * MINUTE_MS

const eventsOf = (heard: readonly HeardMessage[], devices: ReadonlySet<string>) =>
  heard.flatMap(({ device, name, text, atMs }) => {
    if (name !== 'event' || !devices.has(device)) return []
    const { data, time } = JSON.parse(text) as MessageOf<'event'>
    return [{ device, key: `${device} ${data.boot} ${data.n}`, ageMs: atMs - Date.parse(time) }]
  })

const keyOf = ({ device, boot, n }: Raised): string => `${device} ${boot} ${n}`

const run = async (place: DrillPlace): Promise<Finding[]> => {
  const { root, home, say, atEnd } = place
  const rooms = Math.min(place.devices, MOST_ROOMS)
  const region = await SmallRegion.start(place, rooms)
  const [doubled, ...bystanders] = region.rooms.map(({ device }) => device)
  const ear = await region.listen()
  atEnd(() => ear.end())
  const begin = async (
    folder: string,
    boot: string,
    range: Pick<RaisingOrder, 'from' | 'to'>,
  ): Promise<RaisingChild> => {
    const child = await RaisingChild.start(root, {
      ...{ rooms, ...range, memberships: region.membershipsFile, folder: join(home, folder), boot },
      ...{ url: `mqtts://localhost:${region.mqttPort}`, eventsPerSecond: EVENTS_PER_SECOND },
    })
    atEnd(() => child.kill())
    return child
  }
  const others = await begin('others', 'other', { from: 1, to: rooms })
  const first = await begin('first', 'one', { from: 0, to: 1 })
  await delay(ALONE_MS)
  cpSync(join(home, 'first'), join(home, 'second'), { recursive: true })
  say('its disk was copied, and the copy is started')
  const begunMs = Date.now()
  const second = await begin('second', 'two', { from: 0, to: 1 })
  const both = [first, second]
  let toldMs = Number.POSITIVE_INFINITY
  while (Date.now() - begunMs < BOTH_MS) {
    await delay(500)
    if (toldMs === Number.POSITIVE_INFINITY && (await region.hasAlarm(region.rooms[0]!, 'DEVICE_DOUBLED')))
      toldMs = Date.now() - begunMs
  }
  const connections = both
    .flatMap(({ contacts }) => contacts)
    .filter(({ isConnected, atMs }) => isConnected && atMs >= begunMs)
    .map(({ atMs }) => Math.floor((atMs - begunMs) / MINUTE_MS))
  const perMinute = [0, 1, 2].map((minute) => connections.filter((one) => one === minute).length)
  const late = eventsOf(ear.heard, new Set(bystanders)).filter(({ ageMs }) => ageMs > PROMPT_MS).length

  say('both raise nothing more; the second is switched off, and the first one left alone')
  for (const one of [...both, others]) one.rest()
  await delay(SECOND_MS)
  const raisedBy = both.map(({ raised }) => [...raised])
  // Each gets its time to say what it has: first the one, then the other.
  const drained = async (one: RaisingChild): Promise<number> => {
    for (const until = performance.now() + DRAINED_WITHIN_MS; performance.now() < until; await delay(500))
      if ((await one.waiting()) === 0) break
    return one.waiting()
  }
  const waitingSecond = await drained(second)
  await second.kill()
  const waitingFirst = await drained(first)
  const heard = new Set(eventsOf(ear.heard, new Set([doubled!])).map(({ key }) => key))
  const missing = raisedBy.map((raised) => raised.filter((one) => !heard.has(keyOf(one))).length)
  const heardOthers = new Set(eventsOf(ear.heard, new Set(bystanders)).map(({ key }) => key))
  const missingOthers = others.raised.filter((one) => !heardOthers.has(keyOf(one))).length
  const kept = region.kept()
  const keptOthers = bystanders.flatMap((device) => kept.get(device) ?? [])
  const contradicting = (kept.get(doubled!) ?? []).filter(({ isFirst }) => !isFirst).length
  return [
    {
      what: 'from the second one being started to DEVICE_DOUBLED in the console',
      wanted: `within ${TOLD_WITHIN_MS / SECOND_MS} s`,
      seen: Number.isFinite(toldMs) ? `${(toldMs / SECOND_MS).toFixed(1)} s` : 'never',
      isWell: toldMs <= TOLD_WITHIN_MS,
    },
    {
      what: 'connections of its name in the first, second and third minute',
      wanted: `no more than ${MOST_CONNECTIONS} in the last`,
      seen: perMinute.join(', '),
      isWell: perMinute[2]! <= MOST_CONNECTIONS,
    },
    {
      what: 'events of one and of the other that the hub has not heard',
      wanted: '0, 0',
      seen: `${missing.join(', ')} of ${raisedBy.map(({ length }) => length).join(', ')} (${waitingFirst}, ${waitingSecond} waiting; ${contradicting} of numbers that the other used are kept beside)`,
      isWell: missing.every((count) => count === 0),
    },
    {
      what: `${rooms - 1} other devices meanwhile: events missing; heard later than ${PROMPT_MS / SECOND_MS} s; kept twice`,
      wanted: '0, 0, 0',
      seen: `${missingOthers}, ${late}, ${keptOthers.filter(({ isFirst }) => !isFirst).length} of ${others.raised.length}`,
      isWell: missingOthers === 0 && late === 0 && keptOthers.every(({ isFirst }) => isFirst),
    },
  ]
}

export const doubled: FleetDrill = {
  name: 'doubled',
  what: 'a device whose disk was copied runs twice, and both machines raise events',
  run,
}
