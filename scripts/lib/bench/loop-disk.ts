/**
 * A disk whose power can be cut: ext4 on a loop device with direct I/O, so that its backing file holds what the disk
 * had got, and nothing of what the kernel still meant to write. A copy of that file is the disk after the cut.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const MEGABYTES = 512
const TRIES = 50

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

export class LoopDisk {
  readonly #image: string
  #device = ''
  #mounted = false

  /** @param path where it is mounted; its backing file lies beside it. */
  private constructor(readonly path: string) {
    this.#image = `${path}.img`
  }

  static make(path: string): LoopDisk {
    const disk = new LoopDisk(path)
    disk.#clear()
    writeFileSync(disk.#image, '')
    truncateSync(disk.#image, MEGABYTES << 20)
    run('mkfs.ext4', '-q', '-m', '0', disk.#image)
    disk.#attach()
    return disk
  }

  /** Only copies; takes a fraction of a second, for holes are not copied. */
  copy(path: string): LoopDisk {
    const copy = new LoopDisk(path)
    copy.#clear()
    run('cp', '--sparse=always', '--reflink=never', this.#image, copy.#image)
    return copy
  }

  /** Replays the journal of the file system, as the first mount after a power cut does. */
  mount(): void {
    this.#attach()
  }

  #clear(): void {
    rmSync(this.#image, { force: true })
    mkdirSync(this.path, { recursive: true })
  }

  #attach(): void {
    this.#device = run('losetup', '--direct-io=on', '--show', '--find', this.#image)
    run('mount', this.#device, this.path)
    this.#mounted = true
  }

  /** Unmounts and forgets it; a process that has just been killed may hold it for a moment. */
  async remove(): Promise<void> {
    for (let left = TRIES; this.#mounted; left--)
      try {
        run('umount', this.path)
        this.#mounted = false
      } catch (cause) {
        if (!left) throw new Error(`${this.path} cannot be unmounted`, { cause })
        await delay(100)
      }
    if (this.#device) run('losetup', '--detach', this.#device)
    this.#device = ''
    rmSync(this.#image, { force: true })
    rmSync(this.path, { recursive: true, force: true })
  }
}
