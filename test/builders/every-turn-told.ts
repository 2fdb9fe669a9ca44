import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import { fullHearing } from './full-hearing.ts'
import { PROVES_NOTHING } from './proves-nothing.ts'
import { rememberingProof } from './remembering-proof.ts'
import { type Turned, turnEveryByte } from './turn-every-byte.ts'
import { hub } from './vectors/people.ts'

/** What {@link turnEveryByte} finds in the full hearing, and how often each excuse was needed. */
export interface Told extends Turned {
  /** Turns that are not told and have no excuse, as `path:at:bit`. */
  silent: string[]
  /** How many turns each excuse covers. */
  excused: Map<string, number>
}

/** @param bits which bits of every byte are turned, 0 to 7 */
export const everyTurnTold = async (bits: readonly number[]): Promise<Told> => {
  const folder = await fullHearing()
  const turned = await turnEveryByte(folder, rememberingProof(nodeProof([hub.certificate])), bits)
  const silent: string[] = []
  const excused = new Map(PROVES_NOTHING.map(({ what }) => [what, 0]))
  for (const turn of turned.untold) {
    const excuse = PROVES_NOTHING.find(({ same, holds }) => (turn.same || !same) && holds(folder, turn))
    if (excuse) excused.set(excuse.what, excused.get(excuse.what)! + 1)
    else silent.push(`${turn.path}:${turn.at}:${turn.bit}`)
  }
  return { ...turned, silent, excused }
}
