import type { Table } from './part.ts'

/** The table in columns: the first to the left, the others to the right. */
export const tableText = ({ title, head, rows, notes }: Table): string => {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const text = (line: string[]): string =>
    line
      .map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [
    title,
    '',
    ...[text(head), rule, ...rows.map(text)].map((line) => `  ${line}`),
    ...notes.map((note) => `  * ${note}`),
  ].join('\n')
}
