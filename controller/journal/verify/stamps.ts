import type { Entry } from '../entry.ts'
import type { Findings, Place } from './finding.ts'
import type { Places } from './places.ts'
import { fromBase64, type Proof, type Stamp } from './proof.ts'
import { secondsBetween } from './utc.ts'

type StampLine = Entry & { kind: 'timestamp' }

/** Clocks that are kept agree better. */
const AHEAD_MS = 5_000

/** Checks time stamps, and knows which of them hold. */
export class Stamps {
  count = 0
  firstMs = Number.POSITIVE_INFINITY
  lastMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly proof: Proof,
    private readonly places: Places,
    private readonly found: Findings,
  ) {}

  async note(entry: StampLine, place: Place): Promise<void> {
    const { upto, head, token, n } = entry
    if (upto >= n || this.places.headOf(upto) !== head) {
      this.found.add('stamp-head', place, { upto })
      return
    }
    const stamp = await this.proof.stamp(fromBase64(token))
    if (!stamp?.signed || stamp.imprint !== head) this.found.add('stamp-bad', place, { upto })
    else if (this.#isTrusted(stamp, place)) this.#count(stamp, upto, place)
  }

  #isTrusted({ trusted, authority }: Stamp, place: Place): boolean {
    if (trusted === false) this.found.add('stamp-untrusted', place, { authority })
    if (trusted === null) this.found.once('stamp-unchecked', place, { authority })
    return trusted !== false
  }

  #count({ atMs }: Stamp, upto: number, place: Place): void {
    this.count++
    this.firstMs = Math.min(this.firstMs, atMs)
    this.lastMs = Math.max(this.lastMs, atMs)
    const aheadMs = this.places.utcMsOf(upto) - atMs
    if (aheadMs > AHEAD_MS) this.found.once('clock-ahead', place, { by: 'stamp', seconds: secondsBetween(0, aheadMs) })
  }
}
