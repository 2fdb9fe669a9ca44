/** A folder that counts as a store: its disk is there. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { STORE_MARKER } from '../../controller/base/store-marker.ts'

/** Gives the path back. */
export const makeStore = (path: string): string => {
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, STORE_MARKER), '')
  return path
}
