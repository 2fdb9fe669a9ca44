import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFolder } from './folder.ts'
import type { Folder } from './hearing.ts'
import type { Expected } from './published.ts'

export interface PublishedVector {
  name: string
  folder: Folder
  receipts: Buffer | null
  expected: Expected
}

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
