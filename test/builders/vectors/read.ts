import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Expected, PublishedVector } from './expected.ts'
import { readFolder } from './folder.ts'

/** The published vectors, as a stranger reads them. */
export const readVectors = (dir: string): PublishedVector[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map(({ name }) => {
      const expected = JSON.parse(readFileSync(join(dir, name, 'expected.json'), 'utf8')) as Expected
      return {
        ...{ name, expected, folder: readFolder(join(dir, name, 'hearing')) },
        receipts: expected.receipts && readFileSync(join(dir, name, expected.receipts)),
      }
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
