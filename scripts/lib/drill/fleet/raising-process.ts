/** Devices with the outbox and the connection of real ones, which raise events until they are killed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FileShelf } from '../../../../controller/ports/outbox/file-shelf.ts'
import { Outbox } from '../../../../controller/ports/outbox/outbox.ts'
import { Uplink } from '../../../../controller/ports/uplink/uplink.ts'
import { FileMemory } from '../../../../controller/ports/uplink/uplink-memory.ts'
import { birthOf } from '../../../../controller/simulator/born.ts'
import { roomsOf, type SimulatedRoom } from '../../../../controller/simulator/room.ts'
import type { Memberships } from '../../fleet/enrol-in-bulk.ts'
import type { FromRaising, Raised, RaisingOrder, ToRaising } from './raising-words.ts'

const say = (message: FromRaising): void => {
  // Whoever started this may be gone, and the word of that still on its way.
  if (process.connected) process.send?.(message)
}

const outboxes: Outbox[] = []
let isResting = false

const begin = (room: SimulatedRoom, memberships: Memberships, order: RaisingOrder): void => {
  const { device } = room
  const { url, folder, boot, eventsPerSecond } = order
  const { court, credentials, ...papers } = memberships[device]!
  const home = join(folder, device)
  const outbox = new Outbox({ shelf: new FileShelf(home), raiser: { court, device, boot }, complain: () => {} })
  outboxes.push(outbox)
  const uplink = new Uplink({
    ...{ court, device, boot, url, events: outbox, memory: new FileMemory(home), complain: () => {} },
    credentials: () => credentials!,
    heard: (what, payload) => say({ is: 'heard', device, what, text: payload.toString('utf8') }),
    changed: ({ is }) => say({ is: 'contact', device, isConnected: is === 'connected', atMs: Date.now() }),
  })
  uplink.say('birth', birthOf(room, papers, Date.now()))
  uplink.start()
  let n = 0
  const kept: Raised[] = []
  setInterval(() => {
    if (isResting) return
    const number = ++n
    const event = { kind: 'went-on-record' as const, urgent: number % 5 === 0, utcMs: Date.now(), data: { boot, n } }
    outbox.raise(event, (seq) => {
      kept.push({ device, seq, boot, n: number })
      if (kept.length === 1) queueMicrotask(() => say({ is: 'raised', raised: kept.splice(0) }))
    })
  }, 1_000 / eventsPerSecond)
}

process.on('message', (message: ToRaising) => {
  if (message.do === 'live') {
    const { rooms, from, to, memberships } = message.order
    const known = JSON.parse(readFileSync(memberships, 'utf8')) as Memberships
    for (const room of roomsOf(1, rooms).slice(from, to)) begin(room, known, message.order)
  } else if (message.do === 'rest') isResting = true
  else say({ is: 'waiting', events: outboxes.reduce((sum, { waiting }) => sum + waiting, 0) })
})
process.on('disconnect', () => process.exit(1))
say({ is: 'up' })
