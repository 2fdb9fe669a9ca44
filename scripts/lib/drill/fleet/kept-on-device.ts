/** What lies in the outbox of a device, read from its files by somebody else: number and hash of each event. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FileShelf } from '../../../../controller/ports/outbox/file-shelf.ts'
import type { KeptEvent } from '../../../../controller/ports/outbox/kept-event.ts'

/** The lowest number first. @param folder of the outbox */
export const keptOnDevice = async (folder: string): Promise<KeptEvent[]> => {
  const shelf = new FileShelf(folder)
  const { last, upto } = await shelf.open()
  const seqs = Array.from({ length: (last?.seq ?? 0) - upto }, (_, i) => upto + 1 + i)
  const { events } = await shelf.read(seqs)
  await shelf.close()
  return events
}

export const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => (entry.isFile() ? sum + statSync(join(entry.parentPath, entry.name)).size : sum),
    0,
  )
