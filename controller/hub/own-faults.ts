/** What is wrong with the hub itself, and since when: for its console and for watchdogs. */
import { type UtcMs, utcText } from '../base/units.ts'
import { HUB_FAULTS, type HubFault, type HubFaultCode } from '../wire/console.ts'

const LONGEST_DETAIL = 1_000

export class OwnFaults {
  readonly #held = new Map<HubFaultCode, HubFault>()
  /** Told when one begins, ends, or says something else. */
  onChanged: (faults: HubFault[]) => void = () => {}

  /** In the order of the table: the gravest first. */
  get all(): HubFault[] {
    return HUB_FAULTS.flatMap((code) => this.#held.get(code) ?? [])
  }

  /** @param detail for the engineer; null when it is well. One that goes on keeps its beginning. */
  hold(code: HubFaultCode, detail: string | null, utcMs: UtcMs): void {
    const before = this.#held.get(code)
    const short = detail?.slice(0, LONGEST_DETAIL) ?? null
    if ((before?.detail ?? null) === short) return
    if (short === null) this.#held.delete(code)
    else this.#held.set(code, { code, detail: short, since: before?.since ?? utcText(utcMs) })
    this.onChanged(this.all)
  }
}
