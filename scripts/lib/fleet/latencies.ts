/** How long something took, many times: what half of them, and nearly all of them, stayed within. */
export interface Latencies {
  count: number
  p50Ms: number
  p99Ms: number
  worstMs: number
}

/** @param share 0.99 for the time within which ninety-nine of a hundred stayed; NaN of none */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export const latenciesOf = (valuesMs: readonly number[]): Latencies => ({
  count: valuesMs.length,
  p50Ms: percentile(valuesMs, 0.5),
  p99Ms: percentile(valuesMs, 0.99),
  worstMs: percentile(valuesMs, 1),
})
