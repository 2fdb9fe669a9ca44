/**
 * Whether the processor runs the machine itself (KVM) or has to emulate it. That /dev/kvm is there and opens proves
 * nothing: nested in some clouds it runs their own kernels alone. So Debian's kernel is booted as far as its first
 * program, against the clock.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { accelerated, BARE } from './qemu-arguments.ts'

/** `tcg-own-clock` is emulation in which time goes as fast as instructions are done. */
export type Accelerator = 'kvm' | 'tcg' | 'tcg-own-clock'

/** A kernel that really runs is there within two; emulated it takes about five. */
const PROBE_MS = 10_000

export interface Kernel {
  kernel: string
  initrd: string
}

/** @param folder keeps the answer until the host boots again */
export const chooseAccelerator = async (
  files: Kernel,
  folder: string,
): Promise<{ accelerator: Accelerator; why: string }> => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
  } catch {
    return { accelerator: 'tcg', why: 'emulated: there is no /dev/kvm' }
  }
  const known = `${folder}/kvm-runs`
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  let runs = read(known)[boot]
  if (runs === undefined) {
    runs = await kernelRuns('kvm', files)
    writeFileSync(known, JSON.stringify({ [boot]: runs }))
  }
  return runs
    ? { accelerator: 'kvm', why: 'KVM' }
    : {
        accelerator: 'tcg',
        why: `emulated: /dev/kvm is there, but Debian's kernel did not run on it within ${PROBE_MS / 1_000} s`,
      }
}

const read = (file: string): Record<string, boolean> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, boolean>
  } catch {
    return {}
  }
}

/** The machine switches itself off after its first words. */
export const kernelRuns = (accelerator: Accelerator, { kernel, initrd }: Kernel): Promise<boolean> =>
  new Promise((resolve) => {
    const console = `${initrd}.probe`
    const child = spawn(
      'qemu-system-x86_64',
      [
        ...[...BARE, ...accelerated(accelerator), '-nic', 'none', '-m', '512', '-no-reboot'],
        ...['-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0 quiet panic=-1 lab.probe'],
        ...['-serial', `file:${console}`],
      ],
      { stdio: 'ignore' },
    )
    const late = setTimeout(() => child.kill('SIGKILL'), PROBE_MS)
    child.once('error', () => resolve(false))
    child.once('exit', () => {
      clearTimeout(late)
      resolve(readIf(console).includes('lab: the kernel runs'))
      rmSync(console, { force: true })
    })
  })

const readIf = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
