/** A hearing of a few kilobytes with everything in its folder that a folder may hold. */
import type { EntryBody } from '../../controller/journal/entry.ts'
import { begun, clock, ended, type Folder } from './vectors/hearing.ts'
import { witness } from './vectors/people.ts'
import { copyOf } from './vectors/sealed-copy.ts'

/** Where the tail is that a power cut left. */
export const TAIL = { file: 'judge/0001.mp4', bytes: 9 }

const why = { clerk: 'By order.', engineer: 'order 17' }

const zeros = '0'.repeat(64)

/** A line of each kind that the rest of the hearing has not. */
const OTHERS: readonly EntryBody[] = [
  { kind: 'software', version: '0.1.0', sha256: zeros, node: '20', gstreamer: '1.22' },
  { kind: 'configuration', sha256: zeros },
  { kind: 'self-test', results: [{ what: 'disks', ok: true, detail: 'two' }] },
  { kind: 'press', button: 'rec', by: 'clerk', note: 'Good morning.', accepted: true, reason: why },
  { kind: 'state', from: 'idle', to: 'recording', mediaMs: 0, reason: why },
  { kind: 'source', source: 'hall', run: 1, to: 'good', reason: why },
  { kind: 'started', track: 'hall', run: 1, mediaMs: 40, waitedMs: 40, on: 'key-frame' },
  { kind: 'stored', store: 'main', track: 'hall', run: 1, upto: 2 },
  { kind: 'store', store: 'mirror', to: 'failed', reason: why },
  { kind: 'gap', track: 'hall', fromMs: 960, toMs: 1_000, reason: why },
  { kind: 'levels', levels: [{ track: 'judge', rmsDbfs: -30, peakDbfs: -12, voice: 0.5 }] },
  { kind: 'signal', track: 'judge', what: 'silent', state: 'begun', reason: why },
  { kind: 'signer', to: 'good', reason: why },
  { kind: 'repaired', store: 'mirror', from: 'main', file: 'hall/0001.mp4', offset: 0, bytes: 10, reason: why },
  { kind: 'checkpoint', tracks: { hall: { fragments: 2, bytes: 292, endMs: 960 } } },
]

const recorded = () => {
  const hearing = begun()
  hearing.line(clock(hearing, 1_000))
  for (const body of OTHERS) hearing.line(body)
  hearing.sign().receipt(witness)
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
