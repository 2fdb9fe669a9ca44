/**
 * The front panel, or the judge's lamp: presses come in, each once and acknowledged when it is taken; lamps go out. The
 * panel may be missing, come late, be pulled out and plugged in, and start anew at any moment.
 *
 * Nothing is sent to a port before a panel has spoken there, for it may be a scale or a modem.
 */
import { messageOf } from '../../base/error.ts'
import { type Reason, reason } from '../../base/reason.ts'
import {
  type LampShow,
  type LampShows,
  PANEL_LAMPS,
  PANEL_NAMES,
  PANEL_PROTOCOL,
  type PanelEvent,
  type PanelLamp,
  type PanelPattern,
  type PanelRole,
  type PanelState,
  panelBeat,
  panelLampTest,
  parsePanel,
} from '../../wire/panel.ts'
import { PanelSplitter } from '../../wire/panel-frame.ts'
import { PanelLamps } from './lamps.ts'
import { PressTaker } from './press-taker.ts'
import { type OpenPort, SerialLine } from './serial-line.ts'

export interface PanelOptions {
  open: OpenPort
  role: PanelRole
  /**
   * A button did something, `ageMs` ago. The panel keeps it until this has returned, or the promise is fulfilled; when
   * it throws, the same comes again.
   */
  onButton: (event: PanelEvent) => void | Promise<void>
  onFound: (state: PanelState) => void
  /** There is no panel (any more). Said once for each reason. */
  onLost: (why: Reason) => void
  times?: Partial<PanelTimes>
}

export interface PanelTimes {
  /** Between two attempts to open the port. */
  retryMs: number
  /** A panel says how it is twice a second. */
  silentMs: number
  /** After opening: a bootloader comes first, and is silent. */
  firstWordMs: number
  /** Before a port with something else on it is tried again: opening it may disturb what is there. */
  strangerMs: number
}

const TIMES: PanelTimes = { retryMs: 500, silentMs: 2_000, firstWordMs: 5_000, strangerMs: 15_000 }
const LOOK_MS = 250

const MISSING = 'is not connected. Look at its cable.'
const SILENT = 'does not answer. Pull out its cable and plug it in again.'
const STRANGER = 'is not there: something else is connected in its place. Tell the technician.'

export class Panel {
  readonly #times: PanelTimes
  readonly #splitter = new PanelSplitter()
  readonly #line: SerialLine
  readonly #lamps: PanelLamps
  readonly #taker: PressTaker
  readonly #look: NodeJS.Timeout
  /** Found, once it has spoken since the port was opened. */
  #state: PanelState | null = null
  /**
   * Looks since the port was opened, or the panel was last heard; null without a port. Silence is counted, not measured,
   * so that an event loop that stood still does not take itself for a panel that did.
   */
  #looks: number | null = null
  #shows: LampShows = { rec: 'dark', off: 'dark', fault: 'dark', disk: 'dark', net: 'dark' }
  #beats = 0
  /** What the clerk was told last, until the panel is found again. */
  #said: string | null = null

  constructor(private readonly options: PanelOptions) {
    this.#times = { ...TIMES, ...options.times }
    const write = (bytes: Uint8Array): void => {
      if (this.#state) this.#line.write(bytes)
    }
    this.#lamps = new PanelLamps(write, (fault) => this.#lose(SILENT, messageOf(fault)))
    this.#taker = new PressTaker(options.onButton, write)
    this.#line = new SerialLine({
      open: options.open,
      retryMs: this.#times.retryMs,
      onUp: () => {
        this.#splitter.clear()
        this.#looks = 0
      },
      onBytes: (bytes) => this.#hear(bytes),
      onDown: (why) => this.#lose(MISSING, why),
      onMissing: (why) => this.#lose(MISSING, why),
    })
    this.#look = setInterval(() => this.#watch(), LOOK_MS)
  }

  /** As it last said, or null while there is none. */
  get state(): PanelState | null {
    return this.#state
  }

  /** Lit and dark at once; patterns with the next beat. */
  setLamps(shows: LampShows): void {
    this.#shows = shows
    this.#lamps.light(PANEL_LAMPS.filter((lamp) => shows[lamp] !== 'dark'))
  }

  /** To be called while the recorder is well, at least once a second. No timer may call it: what is well is known above. */
  beat(): void {
    if (this.#state) this.#line.write(panelBeat(++this.#beats, this.#patterns()))
  }

  /** Each lamp in turn, 1.5 s in all. */
  testLamps(): void {
    if (this.#state) this.#line.write(panelLampTest())
  }

  close(): void {
    clearInterval(this.#look)
    this.#state = null
    this.#line.close()
  }

  #patterns(): Record<PanelLamp, PanelPattern> {
    const pattern = (show: LampShow): PanelPattern => (show === 'dark' ? 'steady' : show)
    const { rec, off, fault, disk, net } = this.#shows
    return { rec: pattern(rec), off: pattern(off), fault: pattern(fault), disk: pattern(disk), net: pattern(net) }
  }

  #hear(bytes: Uint8Array): void {
    for (const body of this.#splitter.push(bytes).bodies) {
      const message = parsePanel(body)
      if (message?.is === 'state') this.#hearState(message)
      else if (message && this.#state) void this.#taker.take(message)
    }
  }

  #hearState(state: PanelState): void {
    const { role } = this.options
    if (state.protocol !== PANEL_PROTOCOL)
      return this.#refuse(`protocol ${state.protocol} instead of ${PANEL_PROTOCOL}`)
    if (state.role !== role) return this.#refuse(`role ${state.role} instead of ${role}`)
    const isNew = this.#state === null
    this.#state = state
    this.#looks = 0
    if (isNew) {
      this.#said = null
      this.options.onFound(state)
    }
    // After a reset, and after whatever the line has swallowed.
    if (!this.#lamps.isLike(state.lit)) this.#lamps.repeat()
  }

  #watch(): void {
    if (this.#looks === null) return
    const silentMs = ++this.#looks * LOOK_MS
    if (this.#state && silentMs > this.#times.silentMs) {
      this.#line.drop()
      this.#lose(SILENT, `silent for ${silentMs} ms`)
    } else if (!this.#state && silentMs > this.#times.firstWordMs) this.#refuse('no panel speaks on this port')
  }

  /** Whatever is there, it is not this panel. */
  #refuse(why: string): void {
    this.#line.drop(this.#times.strangerMs)
    this.#lose(STRANGER, why)
  }

  #lose(clerk: string, engineer: string): void {
    this.#state = null
    this.#looks = null
    if (clerk === this.#said) return
    this.#said = clerk
    this.options.onLost(reason(`${PANEL_NAMES[this.options.role]} ${clerk}`, engineer))
  }
}
