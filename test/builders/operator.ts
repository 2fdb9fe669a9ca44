/** Whoever orders and configures from afar, with a key of their own. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { rawPublicKeyOf } from '../../controller/base/ed25519.ts'
import type { ConfigPatch } from '../../controller/wire/config-patch.ts'
import type { DesiredConfig } from '../../controller/wire/fleet/desired.ts'
import type { SealedDocket } from '../../controller/wire/fleet/docket.ts'
import type { Order, OrderOp } from '../../controller/wire/fleet/order.ts'
import { desiredPayload, docketPayload, orderPayload } from '../../controller/wire/fleet/signing.ts'

export class Operator {
  readonly #keys = generateKeyPairSync('ed25519')

  constructor(private readonly device: string) {}

  /** Ed25519, raw, base64. */
  get key(): string {
    return rawPublicKeyOf(this.#keys.publicKey)
  }

  desired(rev: number, cfg: ConfigPatch): Buffer {
    const unsigned = { device: this.device, rev, at: '2026-11-28T00:00:00.000Z', cfg }
    return this.#signed<DesiredConfig>(unsigned, desiredPayload(unsigned))
  }

  /** May be carried out for so long from then on. */
  order(id: string, op: OrderOp, issuedUtcMs: number, livesMs = 600_000): Buffer {
    const [issued, expires] = [issuedUtcMs, issuedUtcMs + livesMs].map((ms) => new Date(ms).toISOString()) as [
      string,
      string,
    ]
    const unsigned = { device: this.device, id, op, args: {}, issued, expires }
    return this.#signed<Order>(unsigned, orderPayload(unsigned))
  }

  /** @param age what is inside, encrypted; base64 */
  docket(rev: number, age: string): Buffer {
    const unsigned = { device: this.device, rev, age }
    return this.#signed<SealedDocket>(unsigned, docketPayload(unsigned))
  }

  /** Base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#keys.privateKey).toString('base64')
  }

  #signed<T extends { sig: string }>(unsigned: Omit<T, 'sig'>, payload: string): Buffer {
    return Buffer.from(JSON.stringify({ ...unsigned, sig: this.sign(payload) }))
  }
}
