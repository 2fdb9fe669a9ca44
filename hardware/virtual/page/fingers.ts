/** Fingers on the panels' buttons: quicker than a hand they are not, and none stays for ever because a page was closed. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PanelButton } from '../../../controller/wire/panel.ts'
import type { RoomPanel } from '../panel/room-panel.ts'

/** A mouse can click within a millisecond; a finger cannot, and the firmware rightly takes that for a bounce. */
const SHORTEST_MS = 60
/** Longer than the firmware needs to call a button stuck, so that this can be rehearsed too. */
const LONGEST_MS = 45_000

interface Finger {
  downMs: number
  tired: NodeJS.Timeout
}

export class Fingers {
  readonly #down = new Map<string, Finger>()

  async press(panel: RoomPanel, button: PanelButton): Promise<void> {
    const key = `${panel.role} ${button}`
    if (this.#down.has(key)) return
    const tired = setTimeout(() => void this.lift(panel, button).catch(() => {}), LONGEST_MS)
    tired.unref()
    this.#down.set(key, { downMs: performance.now(), tired })
    await panel.press(button)
  }

  async lift(panel: RoomPanel, button: PanelButton): Promise<void> {
    const key = `${panel.role} ${button}`
    const finger = this.#down.get(key)
    if (!finger) return
    this.#down.delete(key)
    clearTimeout(finger.tired)
    await delay(Math.max(0, SHORTEST_MS - (performance.now() - finger.downMs)))
    await panel.release(button)
  }
}
