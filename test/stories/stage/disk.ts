/** A small real disk: ext4 on a loop device with direct I/O. It can be filled, frozen, torn out, and cut from power. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

/** EXT4_IOC_SHUTDOWN without a last flush of the log: from here on the disk knows only what had reached it. */
const CUT = `import fcntl, os, struct, sys, time
folders = [os.open(path, os.O_RDONLY) for path in sys.argv[1:]]
print(time.monotonic() * 1000)
for folder in folders:
    fcntl.ioctl(folder, 0x8004587D, struct.pack("I", 2))`

export class LoopDisk {
  #device = ''

  private constructor(
    private readonly image: string,
    /** Where it is mounted. */
    readonly path: string,
  ) {}

  static make(dir: string, name: string, megabytes: number): LoopDisk {
    mkdirSync(join(dir, name))
    return LoopDisk.makeAt(dir, name, megabytes, join(dir, name))
  }

  /** An empty disk in a bay that is there: the folder of one that was taken out. */
  static makeAt(dir: string, name: string, megabytes: number, path: string): LoopDisk {
    const disk = new LoopDisk(join(dir, `${name}.img`), path)
    writeFileSync(disk.image, '')
    truncateSync(disk.image, megabytes << 20)
    // No blocks for root alone: what the recorder sees as free is free.
    run('mkfs.ext4', '-q', '-m', '0', '-e', 'remount-ro', disk.image)
    disk.attach()
    return disk
  }

  /** Mounting replays the file system's own journal, as after a power cut. */
  attach(): void {
    this.#device = run('losetup', '--direct-io=on', '--show', '--find', this.image)
    this.mount()
  }

  mount(): void {
    run('mount', this.#device, this.path)
  }

  detach(): void {
    run('umount', this.path)
    run('losetup', '--detach', this.#device)
  }

  /** The mount vanishes from its folder; files that are open stay open. */
  vanish(): void {
    run('umount', '--lazy', this.path)
  }

  /** What the kernel does to a file system after a disk error. */
  turnReadOnly(): void {
    writeFileSync(`/sys/fs/ext4/${basename(this.#device)}/trigger_fs_error`, 'a story')
  }

  freeze(): void {
    run('fsfreeze', '--freeze', this.path)
  }

  thaw(): void {
    run('fsfreeze', '--unfreeze', this.path)
  }

  /** Takes all that is free. */
  fill(file = 'ballast'): void {
    try {
      run('dd', 'if=/dev/zero', `of=${join(this.path, file)}`, 'bs=64k', 'conv=fdatasync')
    } catch {
      // No space left on device: that was the point.
    }
  }

  /** All at one instant; says which, on the monotonic clock. */
  static cutPower(disks: readonly LoopDisk[]): number {
    return Number(run('/usr/bin/python3', '-c', CUT, ...disks.map(({ path }) => path)))
  }
}

/** Why no loop device can be had here; null when it can. */
export const noDisks = (): string | null => {
  if (process.getuid?.() !== 0) return 'not root'
  for (const program of ['losetup', 'mkfs.ext4', 'fsfreeze'])
    if (!['/usr/sbin', '/sbin', '/usr/bin', '/bin'].some((dir) => existsSync(join(dir, program))))
      return `no ${program}`
  const image = join(tmpdir(), `verbatim-loop-${process.pid}`)
  try {
    writeFileSync(image, '')
    truncateSync(image, 1 << 20)
    run('losetup', '--detach', run('losetup', '--show', '--find', image))
    return null
  } catch {
    return 'no loop devices'
  } finally {
    execFileSync('rm', ['-f', image])
  }
}
