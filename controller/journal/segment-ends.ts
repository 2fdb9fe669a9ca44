import type { EntryBody } from './entry.ts'

/** End of the last journalled fragment in each segment file: where a look for unreported ones begins. */
export class SegmentEnds {
  readonly #ends = new Map<string, number>()

  know(body: EntryBody): void {
    if (body.kind !== 'fragments' && body.kind !== 'found') return
    for (const { file, offset, bytes } of body.fragments) this.#ends.set(file, Math.max(this.of(file), offset + bytes))
  }

  /** In bytes; 0 when the journal knows nothing of the file. */
  of(file: string): number {
    return this.#ends.get(file) ?? 0
  }
}
