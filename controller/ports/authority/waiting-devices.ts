/** Devices that have asked to be enrolled and wait for somebody to type their code. Bounded: strangers may ask too. */
import type { EnrolmentRequest } from '../../wire/fleet/enrolment.ts'

export interface WaitingRequest {
  request: EnrolmentRequest
  /** As it came: what is proved is these very bytes. */
  body: string
  proof: string
  askedMs: number
  heardMs: number
  /** Codes that are not its own: none is tried twice. */
  tried: Set<string>
}

const MOST = 1_000
/** Who asks no more has gone. */
const FORGOTTEN_MS = 15 * 60_000

export class WaitingDevices {
  readonly #waiting = new Map<string, WaitingRequest>()

  /** False when there are too many. The latest request of a device counts. */
  keep(body: string, request: EnrolmentRequest, proof: string, nowMs: number): boolean {
    this.forget(nowMs)
    const earlier = this.#waiting.get(request.device)
    const isSame = earlier?.body === body && earlier.proof === proof
    if (!earlier && this.#waiting.size >= MOST) return false
    const { askedMs, tried } = isSame ? earlier : { askedMs: nowMs, tried: new Set<string>() }
    this.#waiting.set(request.device, { request, body, proof, askedMs, heardMs: nowMs, tried })
    return true
  }

  find(device: string): WaitingRequest | undefined {
    return this.#waiting.get(device)
  }

  all(): WaitingRequest[] {
    return [...this.#waiting.values()]
  }

  remove(device: string): void {
    this.#waiting.delete(device)
  }

  forget(nowMs: number): void {
    for (const [device, { heardMs }] of this.#waiting) if (nowMs - heardMs > FORGOTTEN_MS) this.#waiting.delete(device)
  }
}
