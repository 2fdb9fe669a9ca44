import type { Entry, LockedEntry } from '../entry.ts'
import type { HearingFiles } from './files.ts'
import type { Findings } from './finding.ts'
import type { Proof } from './proof.ts'

interface Folder {
  files: HearingFiles
  /** Files of the folder with their lengths. */
  present: ReadonlyMap<string, number>
  sha256: Proof['sha256']
}

/** Encrypted copies of what is sealed, in the original alone: README.md, Seals. */
export class LockedFiles {
  readonly #files = new Map<string, LockedEntry & { line: number }>()

  note(entry: Entry & { kind: 'locked' }): void {
    this.#files.set(entry.file, { ...entry, line: entry.n })
  }

  /** The files that are none of these. */
  without(present: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    return new Map([...present].filter(([path]) => !this.#files.has(path)))
  }

  /** Tells those that are there and are not as they were made. A copy for the parties has none. */
  async tell({ files, present }: Folder, found: Findings): Promise<void> {
    for (const { file, seal, bytes, sha256, line } of this.#files.values()) {
      const size = present.get(file)
      if (size === undefined) continue
      const place = { file, line, offset: 0, bytes: size }
      const hash = size === bytes ? (await files.sha256(file, [{ offset: 0, bytes }])).hashes[0]! : 'missing'
      if (typeof hash !== 'string') found.add('locked-unreadable', place, { seal, detail: hash.detail })
      else if (hash !== sha256) found.add('locked-altered', place, { seal })
    }
  }
}
