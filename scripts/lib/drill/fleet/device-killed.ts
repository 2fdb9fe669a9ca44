/** kill -9 of devices at any moment while they raise events: what counted is at the hub, once; and the console knows. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MINUTE_MS, SECOND_MS } from '../../../../controller/base/units.ts'
import type { MessageOf } from '../../../../controller/wire/fleet/topics.ts'
import { Onlooker } from '../../fleet/onlooker.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { RaisingChild } from './raising-child.ts'
import type { Raised } from './raising-words.ts'
import { SmallRegion } from './small-region.ts'

const MOST_ROOMS = 30
const EVENTS_PER_SECOND = 10
const KILLS = 25
/** After all have connected, or before that: kills come at any moment. */
const WITHIN_MS = 3_000
/** Of these it is waited until the console shows it. */
const SHOWN_KILLS = 4
const FREEZES = 2
const LOST_WITHIN_MS = 15_000
const BACK_WITHIN_MS = 2 * MINUTE_MS
const DRAINED_WITHIN_MS = 5 * MINUTE_MS

const run = async (place: DrillPlace): Promise<Finding[]> => {
  const { root, home, say, atEnd } = place
  const rooms = Math.min(place.devices, MOST_ROOMS)
  const region = await SmallRegion.start(place, rooms)
  const onlooker = new Onlooker(region.console)
  atEnd(() => onlooker.stop())
  await onlooker.look()
  const ear = await region.listen()
  atEnd(() => ear.end())
  const raised: Raised[] = []
  let lives = 0
  const begin = (): Promise<RaisingChild> =>
    RaisingChild.start(root, {
      ...{ rooms, memberships: region.membershipsFile, folder: join(home, 'devices'), boot: `life-${++lives}` },
      ...{ url: `mqtts://localhost:${region.mqttPort}`, eventsPerSecond: EVENTS_PER_SECOND },
    })
  let devices = await begin()
  atEnd(() => devices.kill())
  const shown = (presence: string, withinMs: number): Promise<number> =>
    onlooker.until(`all ${presence}`, withinMs, () => onlooker.count(presence) >= rooms)
  const killed = async (): Promise<void> => {
    await devices.kill()
    raised.push(...devices.raised)
  }

  for (let kill = 1; kill <= KILLS; kill++) {
    await delay(Math.random() * WITHIN_MS)
    await killed()
    devices = await begin()
    if (kill % 5 === 0) say(`${kill} of ${KILLS} kills at any moment, ${raised.length} events counted so far`)
  }
  const [lostMs, backMs, frozenMs]: [number[], number[], number[]] = [[], [], []]
  for (let kill = 1; kill <= SHOWN_KILLS + FREEZES; kill++) {
    await shown('online', BACK_WITHIN_MS)
    await delay(Math.random() * WITHIN_MS)
    const isFrozen = kill > SHOWN_KILLS
    if (isFrozen) devices.freeze()
    else await killed()
    ;(isFrozen ? frozenMs : lostMs).push(await shown('lost', BACK_WITHIN_MS))
    if (isFrozen) await killed()
    devices = await begin()
    backMs.push(await shown('online', BACK_WITHIN_MS))
    say(`${isFrozen ? 'frozen' : 'killed'}, shown lost, and back after ${(backMs.at(-1)! / SECOND_MS).toFixed(1)} s`)
  }
  await delay(WITHIN_MS)
  devices.rest()
  for (const until = performance.now() + DRAINED_WITHIN_MS; performance.now() < until; await delay(500))
    if ((await devices.waiting()) === 0) break
  const waiting = await devices.waiting()
  await killed()

  const kept = region.kept()
  const texts = new Map<string, string>()
  for (const { device, name, text } of ear.heard) {
    if (name !== 'event') continue
    const { seq, data } = JSON.parse(text) as MessageOf<'event'>
    texts.set(`${device} ${seq}`, `${data.boot} ${data.n}`)
  }
  let [rows, doubled, holes] = [0, 0, 0]
  for (const all of kept.values()) {
    const firsts = all.filter(({ isFirst }) => isFirst)
    rows += firsts.length
    doubled += all.length - firsts.length
    holes += (firsts.at(-1)?.seq ?? 0) - firsts.length
  }
  const numbers = new Map([...kept].map(([device, all]) => [device, new Set(all.map(({ seq }) => seq))]))
  const missing = raised.filter(({ device, seq }) => !numbers.get(device)?.has(seq)).length
  // The same number must say the very same thing.
  const other = raised.filter(({ device, seq, boot, n }) => texts.get(`${device} ${seq}`) !== `${boot} ${n}`).length
  const doubts = await Promise.all(region.rooms.map((room) => region.hasAlarm(room, 'DEVICE_DOUBLED')))
  const worst = (times: number[]): string => `${(Math.max(...times) / SECOND_MS).toFixed(1)} s`
  return [
    {
      what: `${rooms} devices, ${KILLS + SHOWN_KILLS + FREEZES} times kill -9: events that counted, and are missing or say something else at the hub`,
      wanted: 'some; 0, 0',
      seen: `${raised.length}; ${missing}, ${other}${waiting ? ` (${waiting} still waiting)` : ''}`,
      isWell: raised.length > 0 && missing === 0 && other === 0 && waiting === 0,
    },
    {
      what: 'events at the hub; of them twice, and numbers that are missing',
      wanted: 'as many or more; 0, 0',
      seen: `${rows}; ${doubled}, ${holes}`,
      isWell: rows >= raised.length && doubled === 0 && holes === 0,
    },
    {
      what: 'killed: from there to all shown lost, worst',
      wanted: `within ${LOST_WITHIN_MS / SECOND_MS} s`,
      seen: worst(lostMs),
      isWell: Math.max(...lostMs) <= LOST_WITHIN_MS,
    },
    {
      what: 'frozen, its connections silent and open: to all shown lost, worst',
      wanted: `within ${LOST_WITHIN_MS / SECOND_MS} s`,
      seen: worst(frozenMs),
      isWell: Math.max(...frozenMs) <= LOST_WITHIN_MS,
    },
    {
      what: 'started again: to all shown online, worst',
      wanted: `within ${LOST_WITHIN_MS / SECOND_MS} s`,
      seen: worst(backMs),
      isWell: Math.max(...backMs) <= LOST_WITHIN_MS,
    },
    {
      what: 'devices of which the console says that there are two',
      wanted: '0',
      seen: `${doubts.filter(Boolean).length}`,
      isWell: !doubts.some(Boolean),
    },
  ]
}

export const deviceKilled: FleetDrill = {
  name: 'device-killed',
  what: 'kill -9 of devices at any moment while they raise events, and some that hang',
  run,
}
