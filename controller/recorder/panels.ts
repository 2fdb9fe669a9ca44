/**
 * The room's panels, between their ports and the core: what buttons did goes in, lamps and beats go out. A press is
 * acknowledged to its panel when its line in the journal is durable; until then the panel keeps it.
 */
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import { reason } from '../base/reason.ts'
import { sleep, within } from '../base/within.ts'
import type { Event, EventOf } from '../core/event.ts'
import { Panel, type PanelOptions } from '../ports/panel/panel.ts'
import { serialPort } from '../ports/panel/serial-port.ts'
import type { TakenPresses } from '../ports/panel/taken-presses.ts'
import type { FromRecorder } from '../wire/clerk.ts'
import { type Config, panelsOf } from '../wire/config.ts'
import { type LampShows, PANEL_BAUD, PANEL_NAMES, type PanelEvent, type PanelState } from '../wire/panel.ts'

export interface PanelsOptions {
  config: Pick<Config, 'panels'>
  log: Logger
  taken: TakenPresses
  /** The core's answer. */
  press: (press: Omit<EventOf<'button-pressed'>, 'request' | 'atMs' | 'utcMs'>) => Promise<FromRecorder>
  report: (event: Event) => void
  /** Resolves when every line of the open journal is durable; at once without one. */
  durable: () => Promise<void>
}

/** Disks that all hang must not keep the next press from the core: this one was acted on, and is in memory. */
const DURABLE_WITHIN_MS = 5_000
/** Between two tellings of a press that must wait. */
const AGAIN_MS = 500

type Named = ReturnType<typeof panelsOf>[number]

interface Known {
  one: Named
  port: Panel
  /** What it was last heard to say of itself. */
  told: string
}

export class Panels {
  readonly #panels: Known[]

  /** Looks for every panel from now on; none of them is waited for. */
  constructor(private readonly options: PanelsOptions) {
    this.#panels = panelsOf(options.config).map((one) => ({ one, port: new Panel(this.#portOf(one)), told: '' }))
  }

  /** Call when the loop has judged an event, several times a second: a recorder that hangs must say nothing. */
  show(shows: LampShows): void {
    for (const panel of this.#panels) {
      panel.port.setLamps(shows)
      panel.port.beat()
      const { state } = panel.port
      if (state && newsOf(state) !== panel.told) this.#tellNews(panel, state)
    }
  }

  /** Each lamp in turn, 1.5 s in all. */
  testLamps(): void {
    for (const { port } of this.#panels) port.testLamps()
  }

  close(): void {
    for (const { port } of this.#panels) port.close()
  }

  #portOf(one: Named): PanelOptions {
    const { log } = this.options
    return {
      open: serialPort(one.path, PANEL_BAUD),
      role: one.role,
      onButton: (event) => this.#take(one, event),
      onFound: (state) => {
        const panel = this.#panels.find((known) => known.one === one)
        if (panel) this.#tellNews(panel, state)
      },
      onLost: (why) => {
        log.warn({ panel: one.name, path: one.path, engineer: why.engineer }, why.clerk)
        this.options.report({ is: 'panel-changed', panel: one.name, to: 'lost', reason: why, ...now() })
      },
    }
  }

  async #take({ name, role }: Named, { epoch, number, button, kind, durationMs, ageMs }: PanelEvent): Promise<void> {
    const { press, durable, taken, log } = this.options
    const panel = { name, epoch, number, kind, heldMs: durationMs, agoMs: ageMs }
    const by = PANEL_NAMES[role]
    const answer = await press({ is: 'button-pressed', button, case: '', note: '', by, panel })
    if (answer.is === 'refused' && answer.code === 'COMES_AGAIN') {
      await sleep(AGAIN_MS)
      throw new Error('not judged yet: the panel tells it again')
    }
    // A release: told twice, it says nothing twice. The next press need not wait for a disk.
    if (answer.is === 'refused' && answer.code === 'NOT_A_PRESS') return
    const kept = async () => {
      await durable()
      await taken.note(name, panel)
    }
    await within(DURABLE_WITHIN_MS, kept(), 'the disks').catch((fault: unknown) =>
      log.error({ panel: name, epoch, number, fault: messageOf(fault) }, 'a press was acted on, but is not on a disk'),
    )
  }

  #tellNews(panel: Known, state: PanelState): void {
    panel.told = newsOf(state)
    const { name, role } = panel.one
    const { epoch, boots, causes, watchdogs, stuck, lost, lineErrors } = state
    const about = { epoch, boots, causes: causes.join(), watchdogs, stuck: stuck.join(), lost, lineErrors }
    const text = Object.entries(about).map(([key, value]) => `${key} ${value === '' ? 'none' : value}`)
    const why = reason(`${PANEL_NAMES[role]} is connected`, `${name}: ${text.join(', ')}`)
    this.options.log.info({ panel: name, engineer: why.engineer }, why.clerk)
    this.options.report({
      ...{ is: 'panel-changed', panel: name, to: 'found', stuck, lostPresses: lost, reason: why },
      ...now(),
    })
  }
}

/** What is worth telling of a panel that is there. A new epoch means that it has lost its memory. */
const newsOf = ({ epoch, boots, stuck, lost }: PanelState): string => [epoch, boots, lost, ...stuck].join(' ')
