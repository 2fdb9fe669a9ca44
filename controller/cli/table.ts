/** Text for a terminal. What comes from elsewhere must not steer it. */

/** Control characters would let a case number move the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const plain = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?')

/** Rows in columns, two spaces between; the last column is not padded. */
export const table = (rows: readonly (readonly string[])[], indent = '  '): string[] => {
  const clean = rows.map((row) => row.map(plain))
  const widths = (clean[0] ?? []).map((_, i) => Math.max(...clean.map((row) => row[i]?.length ?? 0)))
  return clean.map(
    (row) =>
      indent +
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
  )
}

/** `12.3 GB`, decimal as disks are sold. */
export const sizeText = (bytes: number): string => {
  if (bytes >= 1e12) return `${(bytes / 1e12).toFixed(1)} TB`
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${Math.round(bytes / 1e3)} kB`
}
