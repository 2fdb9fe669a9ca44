/** Watches a panel's lamps, and names the rhythm of each once it has been seen long enough. */
import { PANEL_LAMPS, type PanelLamp } from '../../../controller/wire/panel.ts'
import type { RoomPanel } from '../panel/room-panel.ts'
import { type Edge, LOOK_MS, type Rhythm, rhythmOf } from './rhythm.ts'

export type Rhythms = Record<PanelLamp, Rhythm>

export class WatchedLamps {
  readonly #edges = new Map<PanelLamp, Edge[]>(PANEL_LAMPS.map((lamp) => [lamp, []]))
  readonly #known = new Map<PanelLamp, Rhythm>(PANEL_LAMPS.map((lamp) => [lamp, 'dark']))
  #lit: readonly string[]
  readonly stop: () => void

  constructor(private readonly panel: RoomPanel) {
    this.#lit = panel.lit
    this.stop = panel.onChange(() => this.#look(performance.now()))
  }

  /** While a lamp changes its rhythm, the one that was known before. */
  rhythms(nowMs = performance.now()): Rhythms {
    for (const lamp of PANEL_LAMPS) {
      const seen = rhythmOf(this.#edges.get(lamp)!, this.panel.lit.includes(lamp), nowMs)
      if (seen) this.#known.set(lamp, seen)
    }
    return Object.fromEntries(this.#known) as Rhythms
  }

  #look(atMs: number): void {
    for (const lamp of PANEL_LAMPS) {
      const isLit = this.panel.lit.includes(lamp)
      if (isLit === this.#lit.includes(lamp)) continue
      const edges = this.#edges.get(lamp)!.filter((edge) => atMs - edge.atMs <= LOOK_MS)
      this.#edges.set(lamp, [...edges, { atMs, isLit }])
    }
    this.#lit = this.panel.lit
  }
}
