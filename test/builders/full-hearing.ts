/** A hearing of a few kilobytes with everything in its folder that a folder may hold. */
import { begun, clock, ended, type Folder } from './vectors/hearing.ts'
import { witness } from './vectors/people.ts'
import { copyOf } from './vectors/sealed-copy.ts'

/** Where the tail is that a power cut left. */
export const TAIL = { file: 'judge/0001.mp4', bytes: 9 }

const why = { clerk: 'By order.', engineer: 'order 17' }

const recorded = () => {
  const hearing = begun()
  hearing.line(clock(hearing, 1_000))
  const offset = hearing.files.get(TAIL.file)!.length
  hearing.resume().line({ kind: 'tail', store: 'main', ...TAIL, offset, why })
  ended(hearing)
  const portion = { seal: 'seal-1', tracks: ['judge'], fromMs: 500, toMs: 900 }
  hearing.line({ kind: 'seal', ...portion, by: 'Judge Akhmetova', reason: why })
  return hearing.sign().receipt(witness)
}

/** The copy, with a sealed fragment, of a hearing that was interrupted; and what may stand beside the journal. */
export const fullHearing = async (): Promise<Folder> => {
  const hearing = recorded()
  const copy = await copyOf(hearing.folder())
  const receipt = `${JSON.stringify(hearing.receiptFor(witness))}\n`
  return new Map([
    ...copy,
    [TAIL.file, Buffer.concat([copy.get(TAIL.file)!, Buffer.alloc(TAIL.bytes, 'torn')])],
    ['receipts.ndjson', Buffer.from(receipt)],
    ['hearing.json', Buffer.from('{"id":"hearing-1","case":"2-17/2026"}\n')],
    ['index/hall.ndjson', Buffer.from('{"track":"hall","seq":1}\n')],
  ])
}
