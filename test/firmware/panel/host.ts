/** A host on the virtual panel's line, in the panel's own time: beats when told to, keeps all that it hears. */
import {
  type FromPanel,
  type PanelEvent,
  type PanelLamp,
  type PanelPattern,
  type PanelState,
  panelAck,
  panelBeat,
  parsePanel,
} from '../../../controller/wire/panel.ts'
import { PanelSplitter } from '../../../controller/wire/panel-frame.ts'
import { VirtualPanel, type VirtualPanelOptions } from '../../../hardware/virtual/panel/virtual-panel.ts'

const BEAT_MS = 250
export const STEADY: Record<PanelLamp, PanelPattern> = {
  rec: 'steady',
  off: 'steady',
  fault: 'steady',
  disk: 'steady',
  net: 'steady',
}

export class Host {
  readonly splitter = new PanelSplitter()
  readonly panel: VirtualPanel
  heard: FromPanel[] = []
  firmata: number[] = []
  #beats = 0

  constructor(options: VirtualPanelOptions = {}) {
    this.panel = new VirtualPanel({ ...options, onBytes: (bytes) => this.#hear(bytes) })
    this.panel.runMs(40)
  }

  send(...bytes: number[]): void {
    this.panel.receive(bytes)
  }

  beat(patterns = STEADY): void {
    this.panel.receive(panelBeat(++this.#beats, patterns))
  }

  /** Lives on with beats; without acknowledging anything. */
  live(ms: number, patterns = STEADY): void {
    for (let left = ms; left > 0; left -= BEAT_MS) {
      this.beat(patterns)
      this.panel.runMs(Math.min(BEAT_MS, left))
    }
  }

  /** All events that come, each acknowledged; and again what comes after it, until nothing does. */
  takeAll(): PanelEvent[] {
    const taken = new Map<string, PanelEvent>()
    for (let idleMs = 0; idleMs < 300; idleMs += 10) {
      if (idleMs === 0) this.beat()
      this.panel.runMs(10)
      for (const event of this.events()) {
        const id = `${event.epoch}-${event.number}`
        if (!taken.has(id)) taken.set(id, event)
        this.panel.receive(panelAck(event))
        idleMs = -10
      }
    }
    return [...taken.values()]
  }

  /** Events heard since the last look. */
  events(): PanelEvent[] {
    const events = this.heard.filter((message) => message.is === 'event')
    this.heard = []
    return events
  }

  /** As it is now. Asks with a beat, so ask nothing of a panel that shall think itself alone. */
  state(): PanelState {
    this.heard = this.heard.filter((message) => message.is === 'event')
    this.beat()
    this.panel.runMs(15)
    return this.lastState()
  }

  /** As it last said by itself. */
  lastState(): PanelState {
    const state = this.heard.findLast((message) => message.is === 'state')
    if (!state) throw new Error('the panel says nothing of its state')
    return state
  }

  #hear(bytes: Uint8Array): void {
    const { bodies, firmata } = this.splitter.push(bytes)
    this.firmata.push(...firmata)
    this.heard.push(...bodies.map(parsePanel).filter((message) => message !== null))
  }
}

/** What matters of events in most tests. */
export const told = (events: readonly PanelEvent[]): string[] => events.map(({ button, kind }) => `${button} ${kind}`)
