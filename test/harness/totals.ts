export interface Totals {
  total: number
  passed: number
  skipped: number
}

/** The closing lines uvu prints; null when there are none, as after a forgotten `test.run()`. */
export const readTotals = (said: string): Totals | null => {
  const number = (word: string) => {
    const found = [...said.matchAll(new RegExp(`^ *${word}: +(\\d+)`, 'gm'))].at(-1)
    return found ? Number(found[1]) : null
  }
  const total = number('Total')
  const passed = number('Passed')
  return total === null || passed === null ? null : { total, passed, skipped: number('Skipped') ?? 0 }
}
