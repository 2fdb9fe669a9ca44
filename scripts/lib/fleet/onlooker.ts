/** Somebody at the console who sees everything as it is shown, and when. */

import type { ConsoleClient } from '../../../controller/simulator/console-client.ts'
import type { Live, Overview } from '../../../controller/wire/console.ts'
import { RAISED_ALARM } from './device-words.ts'

const CHECKS_MS = 50

export class Onlooker {
  readonly #presence = new Map<string, string>()
  /** When each was shown online, and when no longer, milliseconds since 1970; in turn, beginning with online. */
  readonly onlineMs = new Map<string, number[]>()
  /** From the moment a device learned of it to the moment it was shown here. */
  readonly latenciesMs: number[] = []
  readonly #seen = new Set<string>()
  /** When each alarm of the hub's own was shown first, by device and code. */
  readonly shownAtMs = new Map<string, number>()
  #end = (): void => {}

  constructor(private readonly console: ConsoleClient) {}

  async look(): Promise<void> {
    this.#end()
    // What a hub showed that was killed since counts no more.
    const nowMs = Date.now()
    for (const device of this.#presence.keys()) this.#show(device, '', nowMs)
    this.#presence.clear()
    this.#end = this.#watch()
    const { rooms } = await this.console.ask<Overview>('overview')
    for (const { device, presence } of rooms) if (!this.#presence.has(device)) this.#show(device, presence, Date.now())
  }

  /** As the page does: whoever is sent away looks at everything anew. */
  #watch(): () => void {
    let isWanted = true
    const end = this.console.watch(
      (live) => this.#shown(live),
      () => {
        if (isWanted) this.look().catch(() => {})
      },
    )
    return () => {
      isWanted = false
      end()
    }
  }

  /** Whether the alarm that this device raised in that millisecond was shown. */
  hasSeen(device: string, atMs: number): boolean {
    return this.#seen.has(`${device} ${atMs}`)
  }

  count(presence: string): number {
    let count = 0
    for (const one of this.#presence.values()) if (one === presence) count++
    return count
  }

  /** Devices that are not shown online. */
  notOnline(): string[] {
    return [...this.#presence].flatMap(([device, presence]) => (presence === 'online' ? [] : device))
  }

  /** Milliseconds until it is so; throws with `what` after the deadline. */
  async until(what: string, withinMs: number, isSo: () => boolean): Promise<number> {
    const begun = performance.now()
    while (!isSo()) {
      if (performance.now() - begun > withinMs)
        throw new Error(
          `${what}: not within ${Math.round(withinMs / 1_000)} s; shown are ${this.count('online')} online, ` +
            `${this.count('late')} late, ${this.count('lost')} lost of ${this.#presence.size}`,
        )
      await new Promise((resolve) => setTimeout(resolve, CHECKS_MS))
    }
    return performance.now() - begun
  }

  stop(): void {
    this.#end()
  }

  #show(device: string, presence: string, nowMs: number): void {
    this.#presence.set(device, presence)
    const turns = this.onlineMs.get(device) ?? []
    this.onlineMs.set(device, turns)
    if ((turns.length % 2 === 1) !== (presence === 'online')) turns.push(nowMs)
  }

  #shown(live: Live): void {
    const nowMs = Date.now()
    if (live.is === 'rooms') for (const { device, presence } of live.rooms) this.#show(device, presence, nowMs)
    if (live.is !== 'alarms') return
    for (const { device, id, alarm, hub } of live.alarms) {
      if (hub && !this.shownAtMs.has(`${device} ${id}`)) this.shownAtMs.set(`${device} ${id}`, nowMs)
      if (id !== RAISED_ALARM) continue
      const key = `${device} ${Date.parse(alarm.since)}`
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      this.latenciesMs.push(nowMs - Date.parse(alarm.since))
    }
  }
}
