/**
 * Completes a store from the other one while recording goes on (R12): every file that is missing or too short is
 * brought over. A file of the open hearing may still be written to: it must rest first, by its size and the monotonic
 * clock, for after a step of the wall clock any file looks old.
 */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bringTo } from '../../base/bring-to.ts'
import { makeFolders, syncFolder } from '../../base/durable.ts'
import { codeOf } from '../../base/error.ts'
import { monotonicMs } from '../../base/monotonic.ts'

const RESTS_MS = 5_000
/** So often a file that waits is looked at in the time that it must rest. */
const LOOKS = 5

export interface Rebuild {
  from: string
  to: string
  /** Asked again at each look: files of any other hearing rest. */
  openHearing: () => string | null
  progress: (copiedBytes: number, path: string) => void
  /** Aborted when nobody waits for this rebuild any more. */
  signal: AbortSignal
  /** A file of the open hearing whose size stays for so long is closed. */
  restsMs?: number
}

/** A file that `to` lacks, wholly or at its end; `ours` is -1 when it is not there at all. */
interface Lack {
  theirs: number
  ours: number
  /** Since when both sizes are these. */
  sinceMs: number
}

/** Resolves with the bytes copied once nothing is missing. Throws what the file systems throw, and when aborted. */
export const rebuildStore = async (rebuild: Rebuild): Promise<number> => {
  const { dev } = await stat(rebuild.to)
  const known = new Set<string>()
  let copied = 0
  for (;;) {
    const fresh = (await filesOf(rebuild)).filter((path) => !known.has(path))
    if (!fresh.length) return copied
    for (const path of fresh) known.add(path)
    for await (const { path, bytes } of lacking(rebuild, fresh)) {
      await mustBeOn(dev, rebuild.to)
      copied += await bring(rebuild, path, bytes)
      rebuild.progress(copied, path)
    }
  }
}

/** Those of the files that must be brought over, each as soon as it rests; only the ones that wait are looked at again. */
async function* lacking(rebuild: Rebuild, paths: string[]): AsyncGenerator<{ path: string; bytes: number }> {
  const { openHearing, signal, restsMs = RESTS_MS } = rebuild
  const rests = (path: string, { sinceMs }: Lack): boolean =>
    !path.startsWith(`${openHearing()}/`) || monotonicMs() - sinceMs >= restsMs
  const waiting = new Map<string, Lack | null>(paths.map((path) => [path, null]))
  for (;;) {
    for (const [path, before] of waiting) {
      signal.throwIfAborted()
      const lack = await look(rebuild, path, before)
      if (lack && !rests(path, lack)) waiting.set(path, lack)
      else waiting.delete(path)
      if (lack && !waiting.has(path)) yield { path, bytes: lack.theirs }
    }
    if (!waiting.size) return
    await sleep(restsMs / LOOKS, undefined, { signal })
  }
}

/** What is missing of a file; null when nothing is, or when whoever writes it sees to that. */
const look = async ({ from, to }: Rebuild, path: string, before: Lack | null): Promise<Lack | null> => {
  const [theirs, ours] = await Promise.all([sizeOf(join(from, path)), sizeOf(join(to, path))])
  if (ours >= theirs) return null
  if (!before) return { theirs, ours, sinceMs: monotonicMs() }
  // It grows here too: the store joined before this file began.
  if (ours > before.ours) return null
  return theirs === before.theirs && ours === before.ours ? before : { theirs, ours, sinceMs: monotonicMs() }
}

/** -1 when there is no such file. */
const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size
  } catch (fault) {
    if (codeOf(fault) === 'ENOENT') return -1
    throw fault
  }
}

/** When a mount vanishes, an archive must not be copied to the disk beneath it. */
const mustBeOn = async (device: number, store: string): Promise<void> => {
  const { dev } = await stat(store)
  if (dev !== device) throw new Error(`${store}: device ${device} became ${dev}`)
}

const bring = async ({ from, to }: Rebuild, path: string, bytes: number): Promise<number> => {
  const mine = join(to, path)
  await makeFolders(dirname(mine))
  const copied = await bringTo(mine, join(from, path), bytes, { mayCut: false })
  await syncFolder(dirname(mine))
  return copied
}

/** Files of every hearing folder, relative to the store: the newest hearing is wanted first. */
const filesOf = async ({ from, openHearing }: Rebuild): Promise<string[]> => {
  const folders = (await readdir(from, { withFileTypes: true })).filter((item) => item.isDirectory())
  const paths: string[] = []
  for (const folder of folders.map(nameOf).filter(isHearing).sort().reverse()) {
    const items = await readdir(join(from, folder), { recursive: true, withFileTypes: true })
    const files = items.filter((item) => item.isFile() && isWhole(item.name))
    paths.push(...files.map((item) => relative(from, join(item.parentPath, item.name))).sort())
  }
  return paths.filter((path) => !isTended(path, openHearing()))
}

const nameOf = ({ name }: { name: string }): string => name
/** A store may be a whole file system, whose `lost+found` is closed to the recorder. */
const isHearing = (folder: string): boolean => !folder.startsWith('.') && folder !== 'lost+found'
/** Not what was set aside, nor what is just being replaced. */
const isWhole = (file: string): boolean => !/^\.|\.damaged-|\.new$/.test(file)

/** Others bring these over or add to them at this moment: to set one aside would pull it from under them. */
const isTended = (path: string, open: string | null): boolean =>
  path === `${open}/journal.ndjson` || path.startsWith(`${open}/index/`)
