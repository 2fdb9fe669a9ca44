import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Folder } from './hearing.ts'

export const writeFolder = (dir: string, folder: ReadonlyMap<string, Uint8Array>): void => {
  for (const [path, bytes] of folder) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), bytes)
  }
}

/** Every file beneath `dir`, in order of their names. */
export const readFolder = (dir: string): Folder =>
  new Map(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(dir, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(dir, path))]),
  )
