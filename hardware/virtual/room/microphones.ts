/**
 * Six microphones on one audio interface, each with a switch. The interface plays a file; this room has a copy of its own,
 * and a microphone that is switched off is silence written over its channel, also while the file is being played.
 */
import { copyFile, open, truncate } from 'node:fs/promises'
import type { Speech } from '../speech.ts'
import { HEADER_BYTES, RATE } from '../wave.ts'

const SAMPLE_BYTES = 2

export class VirtualMicrophones {
  readonly #off = new Set<string>()
  #isPlugged = true

  private constructor(
    private readonly original: string,
    private readonly speech: Speech,
    /** What the recorder plays. */
    readonly path: string,
  ) {}

  /** @param path of the copy; what is there is replaced */
  static async open(original: string, speech: Speech, path: string): Promise<VirtualMicrophones> {
    await copyFile(original, path)
    return new VirtualMicrophones(original, speech, path)
  }

  get isPlugged(): boolean {
    return this.#isPlugged
  }

  isOn(microphone: string): boolean {
    return !this.#off.has(microphone)
  }

  /** The other channels are written as they are, so they are heard on without a click. */
  async turn(microphone: string, isOn: boolean): Promise<void> {
    if (isOn) this.#off.delete(microphone)
    else this.#off.add(microphone)
    if (this.#isPlugged) await this.#write()
  }

  /** The interface's cable: without it the file ends at once, and the source with it. */
  async plug(isPlugged: boolean): Promise<void> {
    if (isPlugged === this.#isPlugged) return
    this.#isPlugged = isPlugged
    if (!isPlugged) return truncate(this.path, 0)
    await this.#write()
  }

  /** A second of the file at a time. */
  async #write(): Promise<void> {
    const frame = this.speech.channels.length * SAMPLE_BYTES
    const from = await open(this.original, 'r')
    const to = await open(this.path, 'r+')
    const second = Buffer.alloc(RATE * frame)
    try {
      const head = await from.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
      await to.write(head.buffer, 0, HEADER_BYTES, 0)
      for (let at = HEADER_BYTES; ; at += second.length) {
        const { bytesRead } = await from.read(second, 0, second.length, at)
        if (!bytesRead) break
        this.#silence(second.subarray(0, bytesRead), frame)
        await to.write(second, 0, bytesRead, at)
      }
    } finally {
      await from.close()
      await to.close()
    }
  }

  #silence(samples: Buffer, frame: number): void {
    for (const { channel, microphone } of this.speech.channels) {
      if (this.isOn(microphone)) continue
      const first = (channel - 1) * SAMPLE_BYTES
      for (let at = first; at < samples.length; at += frame) samples.writeInt16LE(0, at)
    }
  }
}
