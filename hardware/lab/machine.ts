/** A courtroom recorder's computer, in QEMU: power it, pull its disks, cut its power, run programs in it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Accelerator } from './accelerator.ts'
import { Agent, type Said } from './agent.ts'
import { VolatileDisk } from './disk.ts'
import { type Monitor, openMonitor } from './monitor.ts'
import { blockOf, driveOf, qemuArguments } from './qemu-arguments.ts'

export interface MachineOptions {
  accelerator: Accelerator
  /** `vmlinuz`, `initrd.img` and `root.img`. */
  image: string
  /** Disks and sockets of this machine; its path stays short, for sockets. */
  folder: string
  /** Who owns the stores, in the machine. */
  owner: { uid: number; gid: number }
}

export const STORES = ['verbatim-1', 'verbatim-2'] as const
export type StoreDisk = (typeof STORES)[number]

const STORE_MEGABYTES = 1_024
const STICK_MEGABYTES = 512
const MONITOR_WITHIN_MS = 10_000
const BOOTS_WITHIN_S = 60
const ENDS_WITHIN_S = 60

const PATIENCE: Record<Accelerator, number> = { kvm: 1, tcg: 5, 'tcg-own-clock': 25 }

export class Machine {
  readonly panelSocket: string
  readonly #disks: Map<string, VolatileDisk>
  readonly #agent: Agent
  #qemu: ChildProcess | null = null
  #isAwake = false
  #monitor: { ask: Monitor; close: () => void } | null = null

  /** A new machine with its disks; its power is off. */
  constructor(private readonly options: MachineOptions) {
    const { folder, image, owner } = options
    mkdirSync(folder, { recursive: true })
    this.panelSocket = `${folder}/panel.sock`
    this.#agent = new Agent(`${folder}/agent.sock`)
    this.#disks = new Map(['root', ...STORES].map((name) => [name, new VolatileDisk(name, folder)]))
    this.#disk('root').copyFrom(`${image}/root.img`)
    for (const name of STORES) this.#disk(name).format(STORE_MEGABYTES, name, owner)
  }

  /** Power comes. Resolves when the machine answers, with the seconds it took. */
  async powerOn(): Promise<number> {
    const { folder, image, accelerator } = this.options
    const fromMs = performance.now()
    // QEMU finds its disks where nbdkit keeps its unwritten blocks: away from a /tmp in memory.
    process.env.TMPDIR = folder
    for (const disk of this.#disks.values()) await disk.start()
    for (const socket of ['monitor', 'agent', 'panel']) rmSync(`${folder}/${socket}.sock`, { force: true })
    const log = openSync(`${folder}/qemu.log`, 'a')
    const parts = {
      ...{ accelerator, folder, panelSocket: this.panelSocket },
      ...{ kernel: `${image}/vmlinuz`, initrd: `${image}/initrd.img` },
      disks: Object.fromEntries([...this.#disks].map(([name, { socket }]) => [name, socket])),
    }
    // A group of its own: Ctrl-C reaches this program alone, which then cleans up.
    this.#qemu = spawn('qemu-system-x86_64', qemuArguments(parts), { stdio: ['ignore', log, log], detached: true })
    this.#monitor = await this.#openMonitor()
    await this.#agent.awaken(BOOTS_WITHIN_S * this.patience)
    this.#isAwake = true
    return (performance.now() - fromMs) / 1_000
  }

  /** On, and its agent has answered. */
  get isAwake(): boolean {
    return this.#isAwake && this.isOn
  }

  get isOn(): boolean {
    return this.#qemu !== null && this.#qemu.exitCode === null && this.#qemu.signalCode === null
  }

  /** Runs a shell command in the machine; throws unless it succeeds. */
  async sh(command: string, options?: { withinS?: number; input?: string }): Promise<string> {
    const { code, out, err } = await this.#agent.run(command, options)
    if (code)
      throw new Error(
        `"${command.slice(0, 120)}" ended with ${code} in the machine: ${(err || out).trim().slice(-600)}`,
      )
    return out
  }

  /** As `sh`, with the exit code as an answer. */
  try(command: string, options?: { withinS?: number; input?: string }): Promise<Said> {
    return this.#agent.run(command, options)
  }

  /** How much longer than a computer of its own the machine may take. */
  get patience(): number {
    return PATIENCE[this.options.accelerator]
  }

  /** Waits so long by the machine's own clock. */
  async pass(seconds: number): Promise<void> {
    await this.sh(`sleep ${seconds}`, { withinS: seconds * this.patience + 60 })
  }

  /** The machine's wall clock, in ms since 1970. */
  utcMs(): Promise<number> {
    return this.#agent.utcMs()
  }

  /** Everything stands still at one instant, the disks' caches with it. */
  async cutPower(): Promise<void> {
    // The machine first: from then on nothing asks a disk for anything.
    const gone = this.#ended()
    this.#qemu?.kill('SIGKILL')
    for (const disk of this.#disks.values()) disk.cutPower()
    await gone
    this.#forget()
  }

  /** Waits until the machine has switched itself off. Returns the seconds that took. */
  async untilOff(): Promise<number> {
    const fromMs = performance.now()
    const gone = this.#ended()
    if (
      !(await Promise.race([
        gone.then(() => true),
        sleep(ENDS_WITHIN_S * this.patience * 1_000, false, { ref: false }),
      ]))
    )
      throw new Error(`the machine does not switch itself off within ${ENDS_WITHIN_S * this.patience} s`)
    for (const disk of this.#disks.values()) await disk.stop()
    this.#forget()
    return (performance.now() - fromMs) / 1_000
  }

  /** Pulls a disk out of its bay. */
  async pullDisk(name: StoreDisk): Promise<void> {
    await this.#ask('device_del', { id: `drive-${name}` })
    await this.#removeBlock(name)
  }

  async pushDisk(name: StoreDisk): Promise<void> {
    await this.#ask('blockdev-add', blockOf(name, this.#disk(name).socket))
    await this.#ask('device_add', driveOf(name))
  }

  /** A party's USB stick, formatted with FAT as they come. */
  async plugStick(): Promise<void> {
    const file = `${this.options.folder}/stick.img`
    writeFileSync(file, '')
    truncateSync(file, STICK_MEGABYTES * 2 ** 20)
    execFileSync('mkfs.vfat', ['-F', '32', '-n', 'STICK', file], { stdio: 'ignore' })
    await this.#ask('blockdev-add', { driver: 'raw', 'node-name': 'stick', file: { driver: 'file', filename: file } })
    await this.#ask('device_add', {
      driver: 'usb-storage',
      id: 'drive-stick',
      drive: 'stick',
      bus: 'usb.0',
      removable: true,
    })
  }

  async pullStick(): Promise<void> {
    await this.#ask('device_del', { id: 'drive-stick' })
    await this.#removeBlock('stick')
  }

  /** At the end of this program, whatever ended it: nothing of the machine goes on. */
  killNow(): void {
    this.#qemu?.kill('SIGKILL')
    for (const disk of this.#disks.values()) disk.cutPower()
  }

  /**
   * The machine is off and its disk is looked at elsewhere: calls `look` with the folder that holds it, read-only.
   * An orderly end has left nothing to replay.
   */
  async readDisk<T>(name: StoreDisk, look: (folder: string) => Promise<T>): Promise<T> {
    if (this.isOn) throw new Error('a disk is taken out of a machine that is off')
    const folder = `${this.options.folder}/${name}`
    mkdirSync(folder, { recursive: true })
    execFileSync('mount', ['-o', 'loop,ro,noload', this.#disk(name).image, folder])
    try {
      return await look(folder)
    } finally {
      execFileSync('umount', [folder])
    }
  }

  /** Power off, and nothing left of it. */
  async destroy(): Promise<void> {
    await this.cutPower()
    rmSync(this.options.folder, { recursive: true, force: true })
  }

  #disk(name: string): VolatileDisk {
    return this.#disks.get(name)!
  }

  #ask(command: string, args?: Record<string, unknown>): Promise<unknown> {
    if (!this.#monitor) throw new Error('the machine is off')
    return this.#monitor.ask(command, args)
  }

  /** A device leaves when its driver has let go; only then its bytes can. */
  async #removeBlock(name: string): Promise<void> {
    for (const endMs = performance.now() + MONITOR_WITHIN_MS; ; await sleep(50))
      try {
        await this.#ask('blockdev-del', { 'node-name': name })
        return
      } catch (cause) {
        if (performance.now() > endMs) throw new Error(`${name} cannot be pulled`, { cause })
      }
  }

  async #openMonitor(): Promise<{ ask: Monitor; close: () => void }> {
    for (const endMs = performance.now() + MONITOR_WITHIN_MS; ; await sleep(50))
      try {
        return await openMonitor(`${this.options.folder}/monitor.sock`)
      } catch (cause) {
        if (!this.isOn || performance.now() > endMs)
          throw new Error(`QEMU does not start, see ${this.options.folder}/qemu.log`, { cause })
      }
  }

  async #ended(): Promise<void> {
    if (this.isOn) await once(this.#qemu!, 'exit')
  }

  #forget(): void {
    this.#monitor?.close()
    this.#monitor = null
    this.#agent.close()
    this.#qemu = null
    this.#isAwake = false
  }
}
