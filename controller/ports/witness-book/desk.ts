/** Answers one place that was shown: a receipt, or why there is none. */
import { open } from 'node:fs/promises'
import type { z } from 'zod'
import { isSigned, keyIdOf } from '../../base/ed25519.ts'
import { messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { utcText } from '../../base/units.ts'
import { signaturePayload } from '../../journal/payload.ts'
import { type FromWitness, type Receipt, type RefusalCode, ShownPlace } from '../../wire/witness.ts'
import type { Book, ShownLine } from './book.ts'
import { judge } from './judge.ts'
import { receiptFor } from './receipts.ts'
import type { WitnessKey } from './witness-key.ts'

type Answer = z.output<typeof FromWitness>

export interface WitnessDeskOptions {
  book: Book
  key: WitnessKey
  /** File of the places that contradict the book, as their devices signed them: the proof of it. */
  conflicts: string
  log: Logger
  utcMs?: () => number
}

export class WitnessDesk {
  constructor(private readonly options: WitnessDeskOptions) {}

  /** @param bytes as they came from the network. Rejects only with what the file system throws. */
  async show(bytes: Uint8Array): Promise<Answer> {
    const place = parse(bytes)
    if ('is' in place) return place
    if (keyIdOf(place.device.publicKey) !== place.device.key)
      return { ...refused('signature', 'the key is not the one it is called'), ...placeIn(place) }
    if (!isSigned(signaturePayload(place.hearing, place), place.signature, place.device.publicKey))
      return { ...refused('signature', 'the signature is wrong'), ...placeIn(place) }
    return this.#answer(place)
  }

  /** Every receipt of a hearing, in the order the places were shown. */
  async receipts(device: string, hearing: string): Promise<Receipt[]> {
    const { book, key } = this.options
    return (await book.shown(device, hearing)).map((line) => receiptFor(line, key))
  }

  async #answer(place: ShownPlace): Promise<Answer> {
    const { book, key, utcMs = Date.now } = this.options
    const { device, hearing, upto, head } = place
    const line: ShownLine = { device: device.key, hearing, upto, head, receivedUtc: utcText(utcMs()) }
    const { judged } = await book.turn(device.key, hearing, (shown) => {
      const judged = judge(shown, place)
      return { judged, add: judged.is === 'new' ? line : null }
    })
    if (judged.is !== 'contradicts')
      return { is: 'receipt', ...receiptFor(judged.is === 'known' ? judged.known : line, key) }
    await this.#remember(place, line.receivedUtc, judged.code, judged.known)
    const why = `line ${upto} has head ${head}; known is line ${judged.known.upto} with head ${judged.known.head}`
    return { ...refused(judged.code, why), ...placeIn(place), known: receiptFor(judged.known, key) }
  }

  async #remember(place: ShownPlace, receivedUtc: string, code: RefusalCode, known: ShownLine): Promise<void> {
    const { conflicts, log } = this.options
    const { device, hearing, upto, head } = place
    log.error(
      { code, device: device.key, hearing, upto, head, known: { upto: known.upto, head: known.head } },
      'conflict: a device contradicts what it has shown before',
    )
    const file = await open(conflicts, 'a')
    try {
      await file.writeFile(`${JSON.stringify({ code, receivedUtc, place, known })}\n`)
      await file.datasync()
    } finally {
      await file.close()
    }
  }
}

const refused = (code: RefusalCode, why: string) => ({ is: 'refused' as const, code, why: why.slice(0, 500) })

const placeIn = ({ hearing, upto }: ShownPlace) => ({ hearing, upto })

const parse = (bytes: Uint8Array): ShownPlace | ReturnType<typeof refused> => {
  try {
    return ShownPlace.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (fault) {
    return refused('malformed', messageOf(fault))
  }
}
