/**
 * PROGRAM. Lives as several panels, each behind a serial port: `panel-process.ts ROLE PATH [ROLE PATH ...]`. Started by
 * `room-panel.ts`, which says what their users do; ends when that is gone, and the ports with it.
 */
import { messageOf } from '../../../controller/base/error.ts'
import type { PanelOrder, PanelWord } from './room-panel.ts'
import { plugIn, type VirtualPort } from './serial-port.ts'
import { type VirtualLamp, VirtualPanel, type VirtualRole } from './virtual-panel.ts'

/** Nobody sees less; a shorter step only costs more. */
const STEP_MS = 10

const say = (word: PanelWord): void => {
  // Whoever listened may hang up while it is said; an error without a taker would end the panels with a trace.
  if (process.connected) process.send!(word, undefined, {}, () => {})
}

class PluggedPanel {
  readonly #panel: VirtualPanel
  #port: VirtualPort | null = null

  constructor(
    private readonly number: number,
    role: VirtualRole,
    private readonly path: string,
  ) {
    this.#panel = new VirtualPanel({ role, onLamps: (lit) => this.#show(lit) })
  }

  async do({ deed, button }: PanelOrder): Promise<void> {
    if (deed === 'press' || deed === 'release') {
      // Without power a contact makes no difference, but a finger may still be on it when power comes.
      if (this.#port) this.#panel.bounce(button!, deed === 'press')
      else this.#panel.contact(button!, deed === 'press')
    }
    if (deed === 'unplug') await this.unplug()
    if (deed === 'plug') await this.plug()
    if (deed === 'reset') this.#panel.reset()
    if (deed === 'hang') this.#panel.hang()
  }

  async plug(): Promise<void> {
    if (this.#port) return
    this.#port = await plugIn(this.#panel, this.path)
    this.#panel.powerCycle()
    this.#panel.followClock(STEP_MS)
  }

  async unplug(): Promise<void> {
    const port = this.#port
    this.#port = null
    this.#panel.stop()
    this.#show([])
    await port?.unplug()
  }

  #show(lit: readonly VirtualLamp[]): void {
    say({ is: 'lit', panel: this.number, lit: this.#port ? [...lit] : [] })
  }
}

const words = process.argv.slice(2)
const panels = Array.from(
  { length: words.length / 2 },
  (_, i) => new PluggedPanel(i, words[2 * i] as VirtualRole, words[2 * i + 1]!),
)

/** One after the other, so that pulling out and plugging in keep their order. */
let doing: Promise<void> = Promise.resolve()
process.on('message', (order: PanelOrder) => {
  doing = doing
    .then(() => panels[order.panel]!.do(order))
    .then(
      () => say({ is: 'done', number: order.number, fault: null }),
      (fault: unknown) => say({ is: 'done', number: order.number, fault: messageOf(fault) }),
    )
})
process.on('disconnect', () => {
  void doing.then(() => Promise.all(panels.map((panel) => panel.unplug()))).finally(() => process.exit(0))
})
for (const panel of panels) await panel.plug()
say({ is: 'ready' })
