/**
 * The FIFO through which a track's samples leave the pipeline. It is read a dozen times a second, so that one wake-up
 * takes many samples. The path is unlinked once both ends are open: nothing is left behind, whatever happens.
 */
import { execFileSync } from 'node:child_process'
import { constants, openSync, readSync, rmSync, unlinkSync } from 'node:fs'
import { codeOf } from '../base/error.ts'

/** A FIFO's capacity; a read that brings half of it means that more waits. */
const BUSY_BYTES = 32 << 10
const scratch = Buffer.allocUnsafe(1 << 20)

export class SamplePipe {
  readonly #readFd: number
  /** For the pipeline's fdsink. */
  readonly writeFd: number

  constructor(path: string) {
    rmSync(path, { force: true })
    execFileSync('mkfifo', ['-m', '600', path])
    this.#readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.writeFd = openSync(path, constants.O_WRONLY)
    unlinkSync(path)
  }

  /** All that waits, copied; `busy` asks to be read again soon. */
  read(): { bytes: Uint8Array; busy: boolean } {
    let length = 0
    try {
      length = readSync(this.#readFd, scratch, 0, scratch.length, null)
    } catch (fault) {
      if (codeOf(fault) !== 'EAGAIN') throw fault
    }
    return { bytes: Uint8Array.prototype.slice.call(scratch, 0, length), busy: length >= BUSY_BYTES }
  }
}
