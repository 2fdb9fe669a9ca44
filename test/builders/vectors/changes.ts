/** What somebody does to a hearing's folder. */
import { ChainWriter } from '../../../controller/journal/chain.ts'
import type { Entry, EntryBody } from '../../../controller/journal/entry.ts'
import { sha256 } from '../hash.ts'
import type { SignedHearing } from '../signed-hearing.ts'
import type { Folder } from './hearing.ts'

const JOURNAL = 'journal.ndjson'

export const withFile = (folder: Folder, path: string, bytes: Buffer): Folder => new Map([...folder, [path, bytes]])

export const without = (folder: Folder, ...paths: string[]): Folder =>
  new Map([...folder].filter(([path]) => !paths.includes(path)))

/** The bit of value 1 of one byte is turned. */
export const withBitTurned = (folder: Folder, path: string, at: number): Folder => {
  const bytes = Buffer.from(folder.get(path)!)
  bytes[at]! ^= 1
  return withFile(folder, path, bytes)
}

/** The same, of the first byte behind the first `text` in the journal. */
export const withBitTurnedBehind = (folder: Folder, text: string): Folder => {
  const at = folder.get(JOURNAL)!.indexOf(text)
  if (at < 0) throw new Error(`no ${text} in the journal`)
  return withBitTurned(folder, JOURNAL, at + Buffer.byteLength(text))
}

/** The journal's lines as `change` leaves them. */
export const withLines = (hearing: SignedHearing, change: (lines: string[]) => string[]): Folder =>
  withFile(hearing.folder(), JOURNAL, Buffer.from(change([...hearing.lines]).join('')))

/** As {@link withLines}, and the chain is made anew: all that can be done without a key. */
const withChainAnew = (hearing: SignedHearing, change: (body: Entry) => Entry): Folder => {
  const writer = new ChainWriter(sha256)
  return withLines(hearing, (lines) =>
    lines.map((line) => {
      const { v, n, utc, monoMs, prev, ...body } = change(JSON.parse(line) as Entry)
      return `${writer.append({ utc, monoMs }, body as EntryBody).line}\n`
    }),
  )
}

/** The journal never heard of the track. */
export const withoutTrack = (hearing: SignedHearing, track: string): Folder =>
  withChainAnew(hearing, (entry) => {
    if (entry.kind === 'hearing-opened') return { ...entry, tracks: entry.tracks.filter(({ name }) => name !== track) }
    if (entry.kind !== 'fragments') return entry
    return { ...entry, fragments: entry.fragments.filter((one) => one.track !== track) }
  })
