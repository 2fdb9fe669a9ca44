/**
 * A disk with a volatile write cache, as disks have: what the machine wrote and did not flush is in the cache, and is
 * lost with the power. nbdkit is the disk; SIGKILL is the power cut. (QEMU's own caches would survive it: they are the
 * host's, whose power is not cut.)
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const APPEARS_WITHIN_MS = 10_000

export class VolatileDisk {
  readonly socket: string
  readonly image: string
  readonly #pidFile: string

  /** @param folder where image, socket and process number lie */
  constructor(
    readonly name: string,
    folder: string,
  ) {
    this.image = `${folder}/${name}.img`
    this.socket = `${folder}/${name}.sock`
    this.#pidFile = `${folder}/${name}.pid`
  }

  /** An empty ext4 file system, its root owned by `owner`. */
  format(megabytes: number, label: string, owner: { uid: number; gid: number }): void {
    writeFileSync(this.image, '')
    truncateSync(this.image, megabytes * 2 ** 20)
    const own = `lazy_itable_init=0,root_owner=${owner.uid}:${owner.gid}`
    execFileSync('mkfs.ext4', ['-q', '-m', '0', '-L', label, '-E', own, this.image])
  }

  copyFrom(image: string): void {
    execFileSync('cp', ['--sparse=always', image, this.image])
  }

  /** Power comes. */
  async start(): Promise<void> {
    for (const file of [this.socket, this.#pidFile]) rmSync(file, { force: true })
    const cached = ['--filter=cache', 'file', this.image, 'cache=writeback']
    execFileSync('nbdkit', ['-U', this.socket, '-P', this.#pidFile, ...cached])
    for (const endMs = performance.now() + APPEARS_WITHIN_MS; !existsSync(this.#pidFile); await sleep(20))
      if (performance.now() > endMs) throw new Error(`the disk ${this.name} does not start`)
  }

  /** Its number while it runs. */
  get pid(): number | null {
    try {
      const pid = Number(readFileSync(this.#pidFile, 'utf8'))
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.socket) ? pid : null
    } catch {
      return null
    }
  }

  cutPower(): void {
    if (this.pid !== null) process.kill(this.pid, 'SIGKILL')
  }

  /** Ends it in order, with everything written. */
  async stop(): Promise<void> {
    if (this.pid !== null) process.kill(this.pid, 'SIGTERM')
    while (this.pid !== null) await sleep(20)
  }
}
