/** Asks the disks beneath a store for their health. One question at a time, whoever asks. */
import { codeOf, messageOf } from '../../base/error.ts'
import { within } from '../../base/within.ts'
import type { DiskExam, PhysicalDisk } from '../../core/disk-facts.ts'
import { SMART_SOCKET } from '../../wire/smart.ts'
import { askRoot } from './ask-root.ts'
import { disksOfDevice, disksUnder, KERNEL, type KernelFiles } from './find-disks.ts'
import { readSmart } from './read-smart.ts'
import { type RunOptions, runSmartctl, SMARTCTL } from './run-smartctl.ts'

export interface ExaminedStore {
  path: string
  /** The disk that the configuration names. */
  device?: string | undefined
}

export interface DiskHealthOptions {
  smartctl?: RunOptions
  /** Where the root program listens, if it is installed. */
  socket?: string
  kernel?: KernelFiles
}

/** A file system that hangs may not even tell its device. */
const FIND_MS = 10_000
/** The root program has the same patience with a disk; it also has to start, and to find it. */
const ROOT_MS = 15_000

const without = (code: NonNullable<PhysicalDisk['unread']>['code'], detail: string, device = ''): PhysicalDisk => ({
  device,
  facts: null,
  unread: { code, detail },
})

const listed = (disks: readonly string[]): string => disks.join(', ') || 'no disk'

export class DiskHealth {
  readonly #smartctl: RunOptions
  readonly #kernel: KernelFiles
  readonly #socket: string
  #last: Promise<unknown> = Promise.resolve()

  constructor({ smartctl = SMARTCTL, kernel = KERNEL, socket = SMART_SOCKET }: DiskHealthOptions = {}) {
    this.#smartctl = smartctl
    this.#socket = socket
    this.#kernel = kernel
  }

  /** What the disks beneath the store say. Never throws; takes as long as the limit for each disk, and waits its turn. */
  examine(store: ExaminedStore): Promise<DiskExam> {
    const exam = this.#last.then(() => this.#examine(store))
    this.#last = exam
    return exam
  }

  async #examine({ path, device }: ExaminedStore): Promise<DiskExam> {
    try {
      const mounted = await within(FIND_MS, disksUnder(path, this.#kernel), path)
      const named = device === undefined ? null : await disksOfDevice(device, this.#kernel).catch(() => [])
      const isOther = named !== null && named.join() !== mounted.join()
      const disks: PhysicalDisk[] = []
      for (const one of mounted) disks.push(await this.#ask(one))
      return {
        disks: disks.length ? disks : [without('NO_DEVICE', `no block device beneath ${path}`)],
        otherThanNamed: isOther ? `${device} is ${listed(named)}; at ${path} is ${listed(mounted)}` : null,
      }
    } catch (fault) {
      const code = codeOf(fault) === 'ENOENT' ? 'DEVICE_GONE' : 'NO_DEVICE'
      return { disks: [without(code, messageOf(fault))], otherThanNamed: null }
    }
  }

  async #ask(device: string): Promise<PhysicalDisk> {
    const { limitMs } = this.#smartctl
    const said = (await askRoot(this.#socket, device, limitMs + ROOT_MS)) ?? (await runSmartctl(device, this.#smartctl))
    if (said.is === 'refused') return without('NO_PERMISSION', said.why, device)
    if (said.is === 'missing') return without('NO_SMARTCTL', 'smartctl was not found', device)
    if (said.is === 'silent') return without('HANGS', `no answer within ${limitMs} ms`, device)
    return { device, ...readSmart(said.text) }
  }
}
