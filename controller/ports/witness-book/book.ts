/**
 * What the witness was shown: a file for each device and hearing, to which lines are only added. A line is durable before
 * its receipt leaves, so nobody holds a receipt that the book does not know.
 */
import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders, syncFolder, writeAll } from '../../base/durable.ts'
import { codeOf } from '../../base/error.ts'
import type { SignedPlace } from '../../journal/entry.ts'

export interface ShownLine extends SignedPlace {
  /** Id of its key. */
  device: string
  hearing: string
  receivedUtc: string
}

export class Book {
  #last: Promise<unknown> = Promise.resolve()

  constructor(private readonly folder: string) {}

  /** Everything a device has shown of a hearing, in the order it was shown. Throws what the file system throws. */
  async shown(device: string, hearing: string): Promise<ShownLine[]> {
    return (await this.#read(device, hearing)).lines
  }

  /**
   * Judges by what stands there, and adds a line when `judge` gives one, durably. One after the other: no two may judge
   * by the same lines.
   */
  turn<T extends { add: ShownLine | null }>(
    device: string,
    hearing: string,
    judge: (shown: ShownLine[]) => T,
  ): Promise<T> {
    const turn = this.#last.then(async () => {
      const { lines, bytes } = await this.#read(device, hearing)
      const judged = judge(lines)
      if (judged.add) await this.#add(this.#path(device, hearing), judged.add, bytes)
      return judged
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  /** Half a line, left by a power cut, was never receipted; it is written over. */
  async #read(device: string, hearing: string): Promise<{ lines: ShownLine[]; bytes: number }> {
    const all = await readFile(this.#path(device, hearing)).catch((fault: unknown) => {
      if (codeOf(fault) === 'ENOENT') return Buffer.alloc(0)
      throw fault
    })
    const bytes = all.lastIndexOf(10) + 1
    const texts = all.toString('utf8', 0, bytes).split('\n').slice(0, -1)
    return { lines: texts.map((text) => JSON.parse(text) as ShownLine), bytes }
  }

  async #add(path: string, line: ShownLine, at: number): Promise<void> {
    await makeFolders(join(path, '..'))
    await (await open(path, 'a')).close()
    const file = await open(path, 'r+')
    try {
      await file.truncate(at)
      await writeAll(file, Buffer.from(`${JSON.stringify(line)}\n`), at)
      await file.datasync()
    } finally {
      await file.close()
    }
    if (at === 0) await syncFolder(join(path, '..'))
  }

  /** Names come from the network, so none becomes a file's; the lines tell them. */
  #path(device: string, hearing: string): string {
    const name = createHash('sha256').update(`${device}\n${hearing}`).digest('hex')
    return join(this.folder, `${name}.ndjson`)
  }
}
