/**
 * The FIFO through which a track's samples leave the pipeline. It is read a few times a second, so that one wake-up
 * takes many samples. The path is unlinked once both ends are open: nothing is left behind, whatever happens.
 */
import { execFileSync } from 'node:child_process'
import { constants, openSync, readSync, rmSync, unlinkSync } from 'node:fs'
import { codeOf } from '../base/error.ts'

/** What every FIFO holds. */
const SMALL_BYTES = 64 << 10
/** 200 ms of 40 Mbit/s: a key frame must not wait in the pipeline for its reader. */
const LARGE_BYTES = 1 << 20
const READ_EVERY_MS = 200
const READ_SMALL_EVERY_MS = 120
const F_SETPIPE_SZ = 1031
const scratch = Buffer.allocUnsafe(LARGE_BYTES)

/** Node cannot ask for it; what a child does to a FIFO that it inherits holds for all. @returns its new capacity */
const enlarge = (fd: number): number => {
  const program = `print fcntl(STDIN, ${F_SETPIPE_SZ}, ${LARGE_BYTES})`
  try {
    return Number(execFileSync('perl', ['-e', program], { stdio: [fd, 'pipe', 'ignore'] })) || SMALL_BYTES
  } catch {
    return SMALL_BYTES
  }
}

export class SamplePipe {
  readonly #readFd: number
  readonly #capacity: number
  /** For the pipeline's fdsink. */
  readonly writeFd: number

  constructor(path: string) {
    rmSync(path, { force: true })
    execFileSync('mkfifo', ['-m', '600', path])
    this.#readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.writeFd = openSync(path, constants.O_WRONLY)
    unlinkSync(path)
    this.#capacity = enlarge(this.writeFd)
  }

  /** So often it should be read. */
  get everyMs(): number {
    return this.#capacity < LARGE_BYTES ? READ_SMALL_EVERY_MS : READ_EVERY_MS
  }

  /** All that waits, copied; `busy` asks to be read again soon. */
  read(): { bytes: Uint8Array; busy: boolean } {
    let length = 0
    try {
      length = readSync(this.#readFd, scratch, 0, scratch.length, null)
    } catch (fault) {
      if (codeOf(fault) !== 'EAGAIN') throw fault
    }
    return { bytes: Uint8Array.prototype.slice.call(scratch, 0, length), busy: length >= this.#capacity / 2 }
  }
}
