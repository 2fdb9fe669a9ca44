export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const worst = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value))

/** The value farthest from zero, with its sign. */
export const farthest = (values: readonly number[]): number =>
  values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most))

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
