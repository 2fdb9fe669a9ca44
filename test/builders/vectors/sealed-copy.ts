import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyHearing } from '../../../controller/ports/copy/copy-hearing.ts'
import { readFolder, writeFolder } from './folder.ts'
import type { Folder } from './hearing.ts'

/** What the parties get: the copy that the recorder's own command makes, without what is sealed. */
export const copyOf = async (folder: Folder): Promise<Folder> => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-vectors-'))
  try {
    const [from, to] = [join(dir, 'hearing'), join(dir, 'copy')]
    writeFolder(from, folder)
    await copyHearing({ from, to, withSealed: false })
    return readFolder(to)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
