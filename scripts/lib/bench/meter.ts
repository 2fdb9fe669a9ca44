import { setTimeout as delay } from 'node:timers/promises'
import { cpuSecondsOf, familyOf, memoryOf, whatIs } from './processes.ts'

export interface Usage {
  seconds: number
  cpuSeconds: number
  /** The highest of all samples, one a second. */
  peakPssMb: number
  peakRssMb: number
  processes: number
  /** The costliest first. */
  byProcess: { what: string; cpuSeconds: number }[]
}

/** Measures the program `root` with its children for so many seconds from now. */
export const meter = async (root: number, seconds: number, alive: () => boolean): Promise<Usage> => {
  const family = familyOf(root)
  const each = family.map((pid) => cpuSecondsOf([pid]))
  const before = cpuSecondsOf(family)
  const begun = performance.now()
  let peakPssMb = 0
  let peakRssMb = 0
  for (let second = 1; second <= seconds; second++) {
    const { pssMb, rssMb } = memoryOf(familyOf(root))
    peakPssMb = Math.max(peakPssMb, pssMb)
    peakRssMb = Math.max(peakRssMb, rssMb)
    await delay(Math.max(0, begun + second * 1_000 - performance.now()))
    if (!alive()) throw new Error('what was measured has ended')
  }
  const after = familyOf(root)
  return {
    seconds: (performance.now() - begun) / 1_000,
    cpuSeconds: cpuSecondsOf(after) - before,
    peakPssMb,
    peakRssMb,
    processes: after.length,
    byProcess: family
      .map((pid, i) => ({ what: whatIs(pid), cpuSeconds: cpuSecondsOf([pid]) - each[i]! }))
      .sort((a, b) => b.cpuSeconds - a.cpuSeconds),
  }
}
