/**
 * Which disks lie beneath a folder: mount, block device, and through partitions, LVM, encryption and RAID down to what
 * can be taken out. Linux tells it in /proc/self/mountinfo and /sys (proc(5), sysfs-block).
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../../base/error.ts'

/** The roots of the two file systems; a test has its own. */
export interface KernelFiles {
  mountinfo: string
  sys: string
}

export const KERNEL: KernelFiles = { mountinfo: '/proc/self/mountinfo', sys: '/sys' }

/** What is mounted where: `254:0`, `/dev/vda`. */
export interface Mount {
  at: string
  device: string
  source: string
}

/** mountinfo writes blanks and backslashes of a path in octal. */
const plainPath = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** `36 35 98:0 /root /mnt rw,noatime master:1 - ext4 /dev/sda1 rw`: fields before the hyphen may be more. */
export const parseMounts = (text: string): Mount[] =>
  text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , device, , at] = before.split(' ')
    const [, source] = after.split(' ')
    return device && at && source ? [{ at: plainPath(at), device, source: plainPath(source) }] : []
  })

/** The mount that `path` lies in: the deepest, and of several at one place the last. */
export const mountOf = (mounts: readonly Mount[], path: string): Mount | null => {
  const inside = mounts.filter(({ at }) => path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`))
  const longest = Math.max(...inside.map(({ at }) => at.length))
  return inside.findLast(({ at }) => at.length === longest) ?? null
}

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return []
    throw fault
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Down from one block device's folder in /sys: a partition's disk, a mapped device's parts, or itself. */
const disksBeneath = async (folder: string): Promise<string[]> => {
  if (await exists(join(folder, 'partition'))) return disksBeneath(dirname(folder))
  const parts = await namesIn(join(folder, 'slaves'))
  const beneath = await Promise.all(
    parts.map(async (name) => disksBeneath(await realpath(join(folder, 'slaves', name)))),
  )
  return parts.length ? [...new Set(beneath.flat())].sort() : [`/dev/${basename(folder).replaceAll('!', '/')}`]
}

/** Of a device number such as `8:1`; empty when there is no such block device, as for tmpfs. */
const disksOfNumber = async (number: string, { sys }: KernelFiles): Promise<string[]> => {
  const link = join(sys, 'dev/block', number)
  return (await exists(link)) ? disksBeneath(await realpath(link)) : []
}

const numberOf = async (device: string): Promise<string> => {
  const { rdev } = await stat(device)
  // glibc's makedev, as far as Linux block devices go.
  return `${(rdev >> 8) & 0xfff}:${(rdev & 0xff) | ((rdev >> 12) & 0xfff00)}`
}

/** The disks beneath the folder `path`, which must exist. Empty when its file system has none. */
export const disksUnder = async (path: string, kernel: KernelFiles = KERNEL): Promise<string[]> => {
  const mount = mountOf(parseMounts(await readFile(kernel.mountinfo, 'utf8')), await realpath(path))
  if (!mount) return []
  const disks = await disksOfNumber(mount.device, kernel)
  // btrfs and others show a number of their own, and the device's name as the source.
  return disks.length || !mount.source.startsWith('/dev/') ? disks : disksOfDevice(mount.source, kernel)
}

/** The disks that the device itself is, or is made of. Throws when there is no such device. */
export const disksOfDevice = async (device: string, kernel: KernelFiles = KERNEL): Promise<string[]> =>
  disksOfNumber(await numberOf(device), kernel)
