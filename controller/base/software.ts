/** Which software this is: for the journal (R18) and `--version`. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Software {
  version: string
  /** SHA-256 over every file of the folder that the program runs from, names included. */
  sha256: string
  node: string
}

/** @param folder of the running program */
export const softwareIn = (folder: string): Software => {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.js')) continue
    hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  }
  return { version: versionNear(folder), sha256: hash.digest('hex'), node: process.versions.node }
}

/** From the package.json in `folder` or above it. */
const versionNear = (folder: string): string => {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return String((JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version)
  const parent = dirname(folder)
  return parent === folder ? 'unknown' : versionNear(parent)
}
