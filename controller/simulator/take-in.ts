/** All rooms of a simulated fleet, members of a hub: those that are not yet ask it, with codes that somebody types. */
import { setTimeout as delay } from 'node:timers/promises'
import { VerbatimError } from '../base/error.ts'
import type { Member } from '../ports/enrolment/member-file.ts'
import { sendShipment } from '../wire/shipment.ts'
import { ConsoleClient } from './console-client.ts'
import { type Asking, askingOf, askOnce, memberOf } from './enrolling.ts'
import type { SimulatedRoom } from './room.ts'

export interface TakingIn {
  /** Keys and certificates lie here. */
  home: string
  /** Address of the hub's console. */
  hub: string
  rooms: readonly SimulatedRoom[]
  /** An administrator, who types the codes by program; null waits for a person. */
  administrator: { name: string; password: string } | null
  say: (line: string) => void
  signal: AbortSignal
}

const AT_ONCE = 3
const AGAIN_MS = 3_000

/** Each as if it had left with a shipment, its code known before it asks. */
const expect = async ({ hub, administrator }: TakingIn, asking: readonly Asking[]): Promise<void> => {
  const console = new ConsoleClient(hub)
  await console.login(administrator!.name, administrator!.password)
  const shipped = asking.map(({ code, room: { court } }) => ({ code, court: court.id, courtName: court.name }))
  await sendShipment(shipped, (rooms) => console.ask('enrolBatch', {}, { rooms }))
}

const askAll = async (taking: TakingIn, asking: readonly Asking[], found: Map<string, Member>): Promise<Asking[]> => {
  const { home, hub, signal } = taking
  const waiting = [...asking]
  const left: Asking[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const member = await askOnce(home, hub, next, signal)
      if (member) found.set(next.room.device, member)
      else left.push(next)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return left
}

/** By device. Throws ENROLMENT_REFUSED, NO_ANSWER, and an Error with what the console says. */
export const takeIn = async (taking: TakingIn): Promise<ReadonlyMap<string, Member>> => {
  const { home, rooms, administrator, say, signal } = taking
  const found = new Map<string, Member>()
  let asking: Asking[] = []
  for (const room of rooms) {
    const member = await memberOf(home, room)
    if (member) found.set(room.device, member)
    else asking.push(await askingOf(home, room))
  }
  if (!asking.length) return found
  say(`${asking.length} rooms ask to be enrolled`)
  // Those that the hub knows waiting by an earlier start are answered by a code that is expected, too.
  if (administrator) await expect(taking, asking)
  else for (const { room, code } of asking) say(`${code}  ${room.court.id}  ${room.court.name}, ${room.name}`)
  for (;;) {
    asking = await askAll(taking, asking, found)
    if (signal.aborted) throw new VerbatimError('ENROLMENT_REFUSED', 'ended before every room was enrolled')
    if (!asking.length) return found
    await delay(AGAIN_MS)
  }
}
