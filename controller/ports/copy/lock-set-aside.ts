/** Spoiled files were set aside as they were found; what is sealed in them is not left lying there either. */
import { createReadStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '../../base/durable.ts'
import { setAsidePath } from '../../base/set-aside.ts'
import { encryptTo } from './encrypted-file.ts'

/** Encrypts every file that was set aside for this segment file of the hearing in `dir`. Throws what the disk throws. */
export const lockSetAside = async (dir: string, segment: string, recipient: string): Promise<void> => {
  const kept = dirname(setAsidePath(dirname(dir), basename(dir), segment, 0))
  const own = dirname(join(dir, segment))
  const name = basename(segment)
  for (const folder of [kept, own])
    for (const file of await readdir(folder).catch(() => []))
      if (isSetAside(file, name)) {
        await encryptTo(recipient, createReadStream(join(folder, file)), [folder], `${file}.age`)
        await rm(join(folder, file))
        await syncFolder(folder)
      }
}

const isSetAside = (file: string, segment: string): boolean =>
  file.startsWith(`${segment}.`) && /^(damaged-)?\d+$/.test(file.slice(segment.length + 1))
