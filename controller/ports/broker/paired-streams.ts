/** Two ends of one pipe in this process: what is written into one is read from the other. */
import { Duplex } from 'node:stream'

class End extends Duplex {
  other!: End
  #ready: (() => void) | null = null

  override _read(): void {
    const ready = this.#ready
    this.#ready = null
    ready?.()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // The next write waits until the other end has read: neither can flood the other.
    if (this.other.push(chunk)) done()
    else this.other.#ready = done
  }

  override _final(done: () => void): void {
    this.other.push(null)
    done()
  }

  override _destroy(fault: Error | null, done: (fault: Error | null) => void): void {
    done(fault)
    if (!this.other.destroyed) process.nextTick(() => this.other.destroy())
  }
}

export const pairedStreams = (): [Duplex, Duplex] => {
  const [one, other] = [new End(), new End()]
  one.other = other
  other.other = one
  return [one, other]
}
