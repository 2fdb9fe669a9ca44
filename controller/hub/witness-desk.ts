/** The hub as witness: places that devices show over MQTT, the latest of each, one after the other. */
import { messageOf } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import type { WitnessDesk } from '../ports/witness-book/desk.ts'
import { type FromWitness, ShownPlace } from '../wire/witness.ts'

export interface FleetWitnessOptions {
  desk: WitnessDesk
  /** Key of the device's journals as it was enrolled, Ed25519 raw base64; null when it had none then. */
  evidenceKeyOf: (device: string) => string | null
  answer: (device: string, said: FromWitness) => void
  contradicted: (device: string, detail: string) => void
  log: Logger
}

export class FleetWitness {
  /** What a device shows while an earlier place of it waits takes that one's place: the later speaks for both. */
  readonly #waiting = new Map<string, Uint8Array>()
  #isBusy = false

  constructor(private readonly options: FleetWitnessOptions) {}

  show(device: string, bytes: Uint8Array): void {
    this.#waiting.set(device, bytes)
    if (this.#isBusy) return
    this.#isBusy = true
    void this.#answerAll().finally(() => {
      this.#isBusy = false
    })
  }

  async #answerAll(): Promise<void> {
    const { desk, answer, contradicted, log } = this.options
    for (const [device, bytes] of this.#waiting) {
      this.#waiting.delete(device)
      try {
        const said = this.#foreign(device, bytes) ?? (await desk.show(bytes))
        answer(device, said)
        if (said.is === 'refused' && (said.code === 'conflict' || said.code === 'rollback'))
          contradicted(device, `${said.code}: hearing ${said.hearing}, ${said.why}`)
      } catch (fault) {
        // It shows the next one within seconds; no receipt leaves that the book does not have.
        log.error({ device, fault: messageOf(fault) }, 'a place could not be witnessed')
      }
    }
  }

  /** A device shows its own record only: nobody speaks for another's key. */
  #foreign(device: string, bytes: Uint8Array): FromWitness | null {
    const key = this.options.evidenceKeyOf(device)
    const place = key === null ? null : placeIn(bytes)
    if (!place || place.device.publicKey === key) return null
    const { hearing, upto } = place
    return {
      is: 'refused',
      hearing,
      upto,
      code: 'signature',
      why: 'the key is not the one that the device was enrolled with',
    }
  }
}

const placeIn = (bytes: Uint8Array): ShownPlace | null => {
  try {
    return ShownPlace.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return null
  }
}
