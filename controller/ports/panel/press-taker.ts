/** Takes each event once, in order, and acknowledges it when it is taken; the panel sends it until then. */
import { type PanelEvent, panelAck } from '../../wire/panel.ts'

const idOf = ({ epoch, number }: PanelEvent): string => `${epoch}-${number}`

export class PressTaker {
  /** The panel goes on to the next only after its acknowledgement, so the last one is enough to remember. */
  #taken: string | null = null
  #isTaking = false

  constructor(
    private readonly onButton: (event: PanelEvent) => void | Promise<void>,
    private readonly write: (bytes: Uint8Array) => void,
  ) {}

  async take(event: PanelEvent): Promise<void> {
    const id = idOf(event)
    // While one is being taken, the next is not there yet; what comes is the same again, or will come again.
    if (this.#isTaking) return
    if (id !== this.#taken) {
      this.#isTaking = true
      try {
        await this.onButton(event)
        this.#taken = id
      } catch {
        return // not acknowledged: it comes again
      } finally {
        this.#isTaking = false
      }
    }
    this.write(panelAck(event))
  }
}
