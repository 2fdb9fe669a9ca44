/** What a program with all its children uses, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** The kernel counts processor time for programs in hundredths of a second, whatever its own clock. */
const TICKS_PER_SECOND = 100

interface Stat {
  pid: number
  parent: number
  /** Own time and that of children that have ended and were waited for. */
  ticks: number
}

/** Null for a process that has just ended. */
const statOf = (pid: number): Stat | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name stands in brackets and may hold spaces.
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = [11, 12, 13, 14].reduce((total, at) => total + Number(words[at]), 0)
    return { pid, parent: Number(words[1]), ticks }
  } catch {
    return null
  }
}

/** `root` and all that descend from it. */
export const familyOf = (root: number): number[] => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== null)
  const family = [root]
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member).map(({ pid }) => pid))
  return family
}

/**
 * Processor seconds, user and system, since each process began. A child that ends between two calls is not lost: its
 * whole life is then counted with its parent.
 */
export const cpuSecondsOf = (pids: readonly number[]): number =>
  pids.reduce((total, pid) => total + (statOf(pid)?.ticks ?? 0), 0) / TICKS_PER_SECOND

/** The file named last on its command line tells the workers apart. */
export const whatIs = (pid: number): string => {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return basename(words.at(-1) ?? '')
  } catch {
    return 'ended'
  }
}

export interface Memory {
  /** Pages shared by n processes count as 1/n in each: the sum is what the machine gives. */
  pssMb: number
  /** As `ps` shows it: shared pages count in full in every process. */
  rssMb: number
}

export const memoryOf = (pids: readonly number[]): Memory => {
  const total = { pssMb: 0, rssMb: 0 }
  for (const pid of pids) {
    let text = ''
    try {
      text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    } catch {
      continue
    }
    total.pssMb += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1_024
    total.rssMb += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1_024
  }
  return total
}
