/** The clocks as the system has them. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Changes at every boot; CLOCK_MONOTONIC counts only within one. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Whether the wall clock follows a time server: chrony's word, else systemd-timesyncd's, else nobody knows. */
export const isSynchronized = async (): Promise<boolean | null> => {
  if (existsSync('/run/systemd/timesync/synchronized')) return true
  return new Promise((resolve) => {
    execFile('chronyc', ['-c', 'tracking'], { timeout: 2_000 }, (fault, stdout) => {
      // The last field of `chronyc -c tracking` is the leap status.
      resolve(fault ? null : !/Not synchronised/.test(stdout))
    })
  })
}
