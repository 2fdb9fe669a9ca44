/** Fragments of the form that segment files have: boxes of MP4, made up inside, the same in every run. */
import { box } from '../../../controller/media/box.ts'
import { sha256 } from '../hash.ts'

const FRAGMENT_BYTES = 80

export const noise = (word: string, bytes: number): Buffer => {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) => sha256(Buffer.from(`${word} ${i}`)))
  return Buffer.from(blocks.join(''), 'hex').subarray(0, bytes)
}

/** @param word so that two hearings differ */
export const mediaOf =
  (word: string) =>
  (track: string, seq: number): Buffer => {
    const text = `${word} ${track} ${seq}`
    const head = seq === 1 ? [box('ftyp', Buffer.from('iso6')), box('moov', noise(`${text} head`, 40))] : []
    return Buffer.concat([...head, box('moof', noise(`${text} moof`, 20)), box('mdat', noise(text, FRAGMENT_BYTES))])
  }
