import { codeOf, messageOf } from '../../base/error.ts'
import type { Entry } from '../../journal/entry.ts'
import { Manifest } from '../../journal/manifest.ts'
import { JournalReader } from '../../journal/read.ts'
import type { HearingSummary } from '../../journal/summary.ts'
import { Confirmed } from './confirmed.ts'
import type { Findings } from './finding.ts'
import { JOURNAL_FILE, readJournal, sha256 } from './journal-file.ts'
import { Segments } from './segments.ts'
import type { KnownTail } from './unlisted.ts'
import { tellFault } from './wording.ts'

/** One walk through a hearing: its journal line by line, and the segment files as the journal comes to them. */
export class Survey {
  readonly reader = new JournalReader(sha256)
  readonly manifest = new Manifest()
  readonly confirmed = new Confirmed()
  readonly tails: KnownTail[] = []
  readonly segments: Segments

  /** @param onBytes hears of media bytes as they are read */
  constructor(
    private readonly dir: string,
    mirror: string | null,
    onBytes: (bytes: number) => void,
  ) {
    this.segments = new Segments(dir, mirror, onBytes)
  }

  /** Walks to the end. Adds what is wrong with the journal itself to `found`, and throws nothing. */
  async walk(found: Findings): Promise<void> {
    try {
      for await (const item of readJournal(this.dir, this.reader)) {
        if (item.is === 'fault') tellFault(item, this.manifest.closed, found)
        else await this.#note(item.entry)
      }
      if (this.reader.count === 0)
        found.add('journal-empty', {
          file: JOURNAL_FILE,
          clerk: 'The journal holds nothing that can be read, so nothing can be said about the recording.',
          engineer: `${this.reader.wholeBytes + this.reader.tornBytes} bytes without a single entry`,
        })
    } catch (thrown) {
      const missing = codeOf(thrown) === 'JOURNAL_MISSING'
      found.add(missing ? 'journal-missing' : 'journal-unreadable', {
        file: JOURNAL_FILE,
        clerk: missing
          ? 'There is no journal here: this is not the folder of a hearing.'
          : 'The journal cannot be read.',
        engineer: messageOf(thrown),
      })
    }
    await this.segments.end()
  }

  /** The hearing as far as the walk has come. */
  get summary(): HearingSummary {
    return this.manifest.summary({ entries: this.reader.count, head: this.reader.head })
  }

  async #note(entry: Entry): Promise<void> {
    this.manifest.add(entry)
    this.confirmed.note(entry)
    if (entry.kind === 'tail') this.tails.push(entry)
    if (entry.kind === 'fragments' || entry.kind === 'found')
      for (const fragment of entry.fragments) await this.segments.add(fragment)
  }
}
