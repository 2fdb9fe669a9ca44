/** The hearings that the vectors begin from, before anything is done to them. */
import type { EntryBody } from '../../../controller/journal/entry.ts'
import { sha256 } from '../hash.ts'
import { stampAt } from '../journal.ts'
import { SignedHearing } from '../signed-hearing.ts'
import { mediaOf, noise } from './media.ts'
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

/** A verifier never opens an encrypted file, so any bytes will do. */
const ENCRYPTED = noise('encrypted', 120)
export const LOCKED = 'sealed/seal-1/judge/0001.mp4.age'

/** The same in a court that has a key: what is sealed was encrypted to it, and is to be taken out. */
export const locked = (): Folder => {
  const hearing = sealed()
  const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
  const file = { file: LOCKED, bytes: ENCRYPTED.length, sha256: sha256(ENCRYPTED), recipient }
  hearing.line({ kind: 'locked', seal: 'seal-1', ...file })
  return new Map([...hearing.sign().receipt(witness).folder(), [LOCKED, ENCRYPTED]])
}
