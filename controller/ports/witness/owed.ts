/**
 * The last place of every hearing that no receipt covers yet, in a folder, a file for each hearing: it may be owed for
 * days, and the recorder may be switched off meanwhile. Memory tells first and the disk follows, so that a disk that
 * hangs keeps nobody waiting.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { messageOf } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { asideOf } from '../../base/replace-file.ts'
import { ShownPlace } from '../../wire/witness.ts'

/** On a file system without links a power cut may leave only what stands beside the file. */
const FILE = /^(.+)\.json(\.new|\.previous)?$/

export class Owed {
  /** Of each hearing its place, or that it lies on the disk; the latest hearing last. */
  readonly #places = new Map<string, ShownPlace | 'on-disk'>()
  readonly #changed = new Set<string>()
  #saving: Promise<void> | null = null

  private constructor(
    private readonly folder: string,
    private readonly log: Logger,
  ) {}

  /** What an earlier recorder owed comes first. Throws what the file system throws. */
  static async open(folder: string, log: Logger): Promise<Owed> {
    await makeFolders(folder)
    const owed = new Owed(folder, log)
    const hearings = (await readdir(folder)).flatMap((name) => FILE.exec(name)?.[1] ?? [])
    for (const hearing of hearings.sort()) owed.#places.set(hearing, 'on-disk')
    return owed
  }

  /** The latest first: whoever has little time shows what says most. */
  hearings(): string[] {
    return [...this.#places.keys()].reverse()
  }

  has(hearing: string): boolean {
    return this.#places.has(hearing)
  }

  /** In place of what was owed of this hearing: the later place covers the earlier one. */
  keep(place: ShownPlace): void {
    this.#places.delete(place.hearing)
    this.#places.set(place.hearing, place)
    this.#change(place.hearing)
  }

  /** It is receipted. A later place of the hearing stays. */
  async settle({ hearing, upto }: ShownPlace): Promise<void> {
    const place = await this.read(hearing)
    if (!place || place.upto > upto) return
    this.#places.delete(hearing)
    this.#change(hearing)
  }

  /** Null when nothing is owed, or its file is damaged; then it is owed no longer. */
  async read(hearing: string): Promise<ShownPlace | null> {
    const place = this.#places.get(hearing) ?? null
    if (place !== 'on-disk') return place
    const read = await this.#file(hearing)
      .read()
      .catch((fault: unknown) => {
        this.log.error({ hearing, fault: messageOf(fault) }, 'a place owed to the witness cannot be read')
        return null
      })
    // A new one may have come meanwhile.
    const now = this.#places.get(hearing) ?? null
    if (now !== 'on-disk') return now
    if (!read) this.#places.delete(hearing)
    return read
  }

  /** Resolves when the disk has followed. */
  async saved(): Promise<void> {
    await this.#saving
  }

  #file(hearing: string): DurableJson<ShownPlace> {
    return new DurableJson(this.#path(hearing), (data) => ShownPlace.parse(data))
  }

  #path(hearing: string): string {
    return join(this.folder, `${hearing}.json`)
  }

  #change(hearing: string): void {
    this.#changed.add(hearing)
    this.#saving ??= this.#saveAll()
  }

  async #saveAll(): Promise<void> {
    for (const hearing of this.#changed) {
      this.#changed.delete(hearing)
      await this.#save(hearing).catch((fault: unknown) =>
        this.log.error({ hearing, fault: messageOf(fault) }, 'what is owed to the witness cannot be kept on disk'),
      )
    }
    this.#saving = null
  }

  async #save(hearing: string): Promise<void> {
    const place = this.#places.get(hearing)
    if (place === 'on-disk') return
    if (!place) return this.#remove(hearing)
    await this.#file(hearing).write(place)
    // Only the latest hearing's is kept in memory, however many are owed.
    const isLatest = this.hearings()[0] === hearing
    if (!isLatest && this.#places.get(hearing) === place) this.#places.set(hearing, 'on-disk')
  }

  /** The file itself last: an older one beside it must never be taken for what is owed. */
  async #remove(hearing: string): Promise<void> {
    const path = this.#path(hearing)
    const { next, previous } = asideOf(path)
    for (const file of [next, previous, path]) await rm(file, { force: true })
  }
}
