/** What every part of the bench is given, and what it gives back. */
import type { Ending } from '../endings.ts'
import type { BenchOptions } from './options.ts'

export interface Bench {
  options: BenchOptions
  /** Recordings lie here while they are measured. */
  home: string
  runtimeDir: string
  /** Prepared pictures and voices. */
  cacheDir: string
  say: (line: string) => void
  /** Run in reverse order at the end, whatever happens: processes, loop devices, mounts. */
  atEnd: (task: Ending) => void
}

/** A table for people; `notes` say how the figures came about. */
export interface Table {
  title: string
  head: string[]
  rows: string[][]
  notes: string[]
}

export interface PartResult {
  tables: Table[]
  /** The same figures, and more, for programs. */
  figures: unknown
}
