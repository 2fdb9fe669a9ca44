import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Every `*.test.ts` beneath `root`, but for fixtures, which fail on purpose. */
export const findTests = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('fixtures'))
    .sort()
    .map((name) => resolve(join(root, name)))
