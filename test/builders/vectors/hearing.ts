/** The hearings that the vectors begin from, before anything is done to them. */
import type { EntryBody } from '../../../controller/journal/entry.ts'
import { stampAt } from '../journal.ts'
import { SignedHearing } from '../signed-hearing.ts'
import { mediaOf } from './media.ts'
import { device, witness } from './people.ts'

/** Path in the hearing's folder to bytes. */
export type Folder = ReadonlyMap<string, Buffer>

const ORDER = { clerk: 'A witness under protection was heard.', engineer: 'order 17' }

/** Opened, two fragments of each track, signed and witnessed. */
export const begun = (by = device, id = 'hearing-1'): SignedHearing =>
  new SignedHearing(by, id, mediaOf(id)).open().record().record().sign().receipt(witness)

/** Two more, a mark, and the end, signed and witnessed. */
export const ended = (hearing: SignedHearing): SignedHearing => {
  hearing.record().record().line({ kind: 'mark', mediaMs: 1_500, note: 'The witness is sworn in.', by: 'clerk' })
  return hearing.close().sign().receipt(witness)
}

/** Nothing is wrong with it. */
export const whole = (): SignedHearing => ended(begun())

export const clock = ({ second }: SignedHearing, stepMs: number): EntryBody => {
  const { utc, monoMs } = stampAt(second)
  return { kind: 'clock', boot: 'boot-1', monoMs, utcMs: Date.parse(utc), synchronized: true, stepMs }
}

/** What the second and third fragment of the judge's track hold is sealed after the hearing. */
export const sealed = (): SignedHearing => {
  const hearing = whole()
  const portion = { seal: 'seal-1', tracks: ['judge'], fromMs: 500, toMs: 1_400 }
  hearing.line({ kind: 'seal', ...portion, by: 'Judge Akhmetova', reason: ORDER })
  return hearing.sign().receipt(witness)
}
