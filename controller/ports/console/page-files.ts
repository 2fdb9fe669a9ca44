/** The console's page as `scripts/build.mjs` made it, held in memory: nothing beside these files is ever read. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface PageFile {
  type: string
  plain: Buffer
  zipped: Buffer
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** By their address. Empty where nothing was built. */
export const readPageFiles = async (folder: string): Promise<ReadonlyMap<string, PageFile>> => {
  const names = await readdir(folder).catch(() => [])
  const files = new Map<string, PageFile>()
  for (const name of names) {
    const type = TYPES[extname(name)]
    if (!type) continue
    const plain = await readFile(join(folder, name))
    files.set(name === 'index.html' ? '/' : `/${name}`, { type, plain, zipped: gzipSync(plain) })
  }
  return files
}
