import { join } from 'node:path'

/** Where a spoiled file is kept as it was found: beside the folders that it is a part of, for they hold nothing but themselves. */
export const setAsidePath = (root: string, folder: string, file: string, atMs: number): string =>
  join(root, '.set-aside', folder, `${file}.${atMs}`)
