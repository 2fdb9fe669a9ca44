/**
 * Which stores this recorder has used, and whether each was a disk of its own: when a mount is missing, its empty mount
 * point must not become a store.
 */
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Low } from 'lowdb'
import { z } from 'zod'
import { syncFolder } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { codeOf } from '../../base/error.ts'
import { requireStore, STORE_MARKER } from '../../base/store-marker.ts'

const Content = z.object({ stores: z.record(z.string(), z.object({ isMount: z.boolean() })) })
type Content = z.output<typeof Content>

/** Whether a disk of its own is mounted at `path`. */
const isMountPoint = async (path: string): Promise<boolean> => {
  const [folder, above] = await Promise.all([stat(path), stat(dirname(path))])
  return folder.dev !== above.dev
}

export class KnownStores {
  readonly #asked = new Set<string>()

  private constructor(private readonly low: Low<Content>) {}

  /**
   * Opens `stores.json` in `stateDir`. What cannot be read is begun anew: then the marker in each store's root still
   * tells it from an empty folder.
   */
  static async open(stateDir: string): Promise<KnownStores> {
    await mkdir(stateDir, { recursive: true })
    const adapter = new DurableJson(join(stateDir, 'stores.json'), (data) => Content.parse(data))
    const low = new Low<Content>(adapter, { stores: {} })
    await low.read().catch((fault: unknown) => {
      if (codeOf(fault) !== 'SETTINGS_DAMAGED') throw fault
    })
    return new KnownStores(low)
  }

  /** Makes sure that `path` is a store. A new disk becomes one; throws `ENODEV` where a disk is missing. */
  async require(path: string): Promise<void> {
    const known = this.low.data.stores[path]
    const made = await this.#make(path, known?.isMount ?? false)
    const isMount = await isMountPoint(path)
    try {
      await requireStore(path)
    } catch (fault) {
      if (codeOf(fault) !== 'ENODEV' || (known && !isMount && !made)) throw fault
      await mark(path)
    }
    if (known && (known.isMount || !isMount)) return
    this.low.data = { stores: { ...this.low.data.stores, [path]: { isMount } } }
    // A state folder that is full must not take the stores with it; then the next start asks anew.
    await this.low.write().catch(() => {})
  }

  /** A folder that is not there at the start is made, unless it is where a disk belongs; true when it was made. */
  async #make(path: string, isMount: boolean): Promise<boolean> {
    if (isMount || this.#asked.has(path)) return false
    this.#asked.add(path)
    return (await mkdir(path, { recursive: true })) !== undefined
  }
}

const mark = async (path: string): Promise<void> => {
  const file = await open(join(path, STORE_MARKER), 'a')
  try {
    await file.write('This folder is a store of Verbatim. Without this file nothing is recorded here.\n')
    await file.datasync()
  } finally {
    await file.close()
  }
  await syncFolder(path)
}
