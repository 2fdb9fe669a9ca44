import type { Entry, FragmentEntry } from '../entry.ts'
import { Manifest } from '../manifest.ts'
import { type JournalItem, JournalReader } from '../read.ts'
import type { HearingSummary } from '../summary.ts'
import { Confirmed } from './confirmed.ts'
import { chunksOf, type HearingFiles, isFault, JOURNAL_FILE, SPOILED_LINES_MOST } from './files.ts'
import type { FindingCode, Findings, Place } from './finding.ts'
import { LockedFiles } from './locked-files.ts'
import type { Proof } from './proof.ts'
import { Seals } from './seals.ts'
import { Segments } from './segments.ts'
import type { KnownTail } from './unlisted.ts'

/** Kinds of which something is kept until the end. */
const KEPT: ReadonlySet<string> = new Set([
  ...['gap', 'mark', 'state', 'interrupted', 'store', 'tail', 'seal', 'locked', 'hearing-opened'],
])
/** No court fills these; a journal made to fill the memory does. */
const KEPT_MOST = 200_000

type JournalFault = JournalItem & { is: 'fault' }

/** A torn tail of an open hearing is what a power cut leaves; of a closed one it is not. */
const codeOfFault = ({ code }: JournalFault['fault'], closed: boolean) => {
  if (code === 'torn') return closed ? 'journal-added' : 'journal-torn'
  return code === 'number' || code === 'chain' ? 'journal-chain' : 'journal-line'
}

/** A line as it stands in the journal. */
export interface SeenLine {
  entry: Entry
  /** Hash of the line. */
  head: string
  place: Place
}

/** Who else wants to see each line, in order. */
export type Onlooker = (line: SeenLine) => Promise<void>

/** One walk through a hearing: its journal line by line, and the segment files as the journal comes to them. */
export class Survey {
  readonly reader: JournalReader
  readonly manifest = new Manifest()
  readonly confirmed = new Confirmed()
  readonly seals = new Seals()
  readonly locked = new LockedFiles()
  readonly tails: KnownTail[] = []
  readonly segments: Segments
  #kept = 0
  readonly #names = new Set<string>()

  constructor(
    private readonly files: HearingFiles,
    mirror: HearingFiles | null,
    sha256: Proof['sha256'],
    private readonly found: Findings,
    private readonly onlooker: Onlooker = async () => {},
  ) {
    this.reader = new JournalReader(sha256)
    this.segments = new Segments(files, mirror)
  }

  /** Walks to the end, and tells what is wrong with the journal itself. */
  async walk(): Promise<void> {
    if (await this.#readAll()) {
      const { reader, found } = this
      if (reader.count === 0)
        found.add('journal-empty', { file: JOURNAL_FILE }, { bytes: reader.wholeBytes + reader.tornBytes })
    }
    await this.segments.end()
    if (this.segments.overflown) this.#excessive()
  }

  /** The hearing as far as the walk has come. */
  get summary(): HearingSummary {
    return this.manifest.summary({ entries: this.reader.count, head: this.reader.head })
  }

  async #readAll(): Promise<boolean> {
    for await (const chunk of chunksOf(this.files, JOURNAL_FILE)) {
      if (isFault(chunk)) {
        const code: FindingCode = chunk.why === 'absent' ? 'journal-missing' : 'journal-unreadable'
        this.found.add(code, { file: JOURNAL_FILE }, { detail: chunk.detail })
        return false
      }
      await this.#take(this.reader.push(chunk))
      if (this.reader.faults > SPOILED_LINES_MOST) {
        this.#excessive()
        return true
      }
    }
    await this.#take(this.reader.end())
    return true
  }

  async #take(items: JournalItem[]): Promise<void> {
    for (const item of items)
      if (item.is === 'fault') this.#tellFault(item)
      else await this.#note(item)
  }

  #tellFault(item: JournalFault): void {
    const { code, message } = item.fault
    const place = { file: JOURNAL_FILE, offset: item.offset, bytes: item.bytes }
    this.found.add(codeOfFault(item.fault, this.manifest.closed), place, { fault: code, detail: message })
  }

  async #note({ entry, head, offset, bytes }: JournalItem & { is: 'entry' }): Promise<void> {
    const place = { file: JOURNAL_FILE, line: entry.n, offset, bytes, fromUtc: entry.utc }
    await this.onlooker({ entry, head, place })
    if (KEPT.has(entry.kind) && ++this.#kept > KEPT_MOST) {
      this.#excessive()
      return
    }
    this.confirmed.note(entry)
    if (entry.kind === 'tail') this.tails.push(entry)
    if (entry.kind === 'seal') this.seals.note(entry)
    if (entry.kind === 'locked') this.locked.note(entry)
    if (entry.kind === 'fragments' || entry.kind === 'found') {
      const known = entry.fragments.filter((fragment) => this.#isRoomFor(fragment))
      this.manifest.add({ ...entry, fragments: known })
      for (const fragment of known) await this.segments.add(fragment)
    } else this.manifest.add(entry)
  }

  #isRoomFor({ track, file }: FragmentEntry): boolean {
    const name = `${track}\n${file}`
    if (this.#names.has(name)) return true
    if (this.#names.size >= KEPT_MOST) this.#excessive()
    else this.#names.add(name)
    return this.#names.size < KEPT_MOST
  }

  #excessive(): void {
    this.found.once('journal-excessive', { file: JOURNAL_FILE }, {})
  }
}
