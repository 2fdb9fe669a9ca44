/** Gives the hub the dockets of simulated rooms, as a court's program would: what is scheduled and not recorded is seen then. */
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import { messageOf } from '../base/error.ts'
import { utcText } from '../base/units.ts'
import type { Docket } from '../wire/fleet/docket.ts'
import { ConsoleClient } from './console-client.ts'
import { hearingsOf } from './hearings.ts'
import { dayOf } from './local-day.ts'
import type { SimulatedRoom } from './room.ts'
import type { SimulatedDevice } from './simulated-fleet.ts'
import type { SimulatedTime } from './simulated-time.ts'

export interface Giving {
  hub: string
  administrator: { name: string; password: string }
  devices: readonly SimulatedDevice[]
  time: SimulatedTime
  say: (line: string) => void
  signal: AbortSignal
}

/** A room must have said which key its docket is encrypted to. */
const AFTER_MS = 5_000
const AGAIN_MS = 20_000
const LOOKS_MS = 30_000

/** By the time of the world; the "cases" are numbers in a row. */
export const docketOf = (room: SimulatedRoom, day: number, time: SimulatedTime): z.input<typeof Docket> => ({
  day: utcText(time.toUtc(hearingsOf(room, day)[0]?.startsAtMs ?? 0)).slice(0, 10),
  hearings: hearingsOf(room, day).map(({ startsAtMs, endsAtMs, mustRecord }, i) => ({
    ...{ case: `simulated ${i + 1}`, mustRecord },
    ...{ startsAt: utcText(time.toUtc(startsAtMs)), endsAt: utcText(time.toUtc(endsAtMs)) },
  })),
})

/** Each simulated day anew, until it is stopped. Never rejects. */
export const giveDockets = async ({ hub, administrator, devices, time, say, signal }: Giving): Promise<void> => {
  const console = new ConsoleClient(hub)
  const given = new Map<string, number>()
  const wait = (ms: number): Promise<unknown> => delay(ms, null, { signal }).catch(() => null)
  await wait(AFTER_MS)
  while (!signal.aborted) {
    const day = dayOf(time.at(Date.now()))
    const due = devices.filter(({ room }) => given.get(room.device) !== day && hearingsOf(room, day).length)
    try {
      if (due.length) await console.login(administrator.name, administrator.password)
      for (const { room } of due) {
        if (signal.aborted) return
        const params = { court: room.court.id, device: room.device }
        const isGiven = await console.ask('docket', params, { docket: docketOf(room, day, time) }).then(
          () => true,
          () => false,
        )
        if (isGiven) given.set(room.device, day)
      }
    } catch (fault) {
      say(`dockets cannot be given: ${messageOf(fault)}`)
    }
    await wait(due.length ? AGAIN_MS : LOOKS_MS)
  }
}
