/** What every drill of the fleet is, so that one program can run any of them and tell what was seen. */
import type { Ending } from '../../endings.ts'

export interface DrillPlace {
  /** Of the repository. */
  root: string
  /** An empty folder of this drill alone; gone afterwards when all was well. */
  home: string
  /** How many devices, where the drill is one of many. */
  devices: number
  /** Tells whoever waits how far it is. */
  say: (line: string) => void
  /** Done when the drill has ended, however it ended; the last one first. */
  atEnd: (task: Ending) => void
}

/** One thing that was looked at. */
export interface Finding {
  what: string
  wanted: string
  seen: string
  isWell: boolean
}

export interface FleetDrill {
  /** As it is called on the command line. */
  name: string
  /** In one sentence. */
  what: string
  /** Throws when the drill itself could not be done. */
  run: (place: DrillPlace) => Promise<Finding[]>
}
