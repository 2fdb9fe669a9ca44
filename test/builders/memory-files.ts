import type { HearingFiles } from '../../controller/journal/verify/files.ts'
import { filesInMemory } from './files-in-memory.ts'
import { sha256 } from './hash.ts'

/** A hearing's folder in memory: path to bytes. */
export const memoryFiles = (files: ReadonlyMap<string, Uint8Array>): HearingFiles => filesInMemory(files, sha256)
