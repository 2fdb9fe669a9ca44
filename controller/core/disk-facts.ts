/** What is known of the disk under a store: what it says about itself (SMART), and what writing to it tells. */

/** What a disk says about itself, whatever its kind; null where it does not say. */
export interface DiskFacts {
  model: string
  serial: string
  kind: 'nvme' | 'ssd' | 'hdd' | 'unknown'
  /** Its own verdict on itself, heat left aside. */
  passed: boolean | null
  temperatureC: number | null
  /** Hours it has run in its life. */
  hours: number | null
  /** Share of the writes its maker promises that are used up; may pass 100. */
  wornPercent: number | null
  /** Sectors that were replaced by spare ones. */
  reallocated: number | null
  /** Sectors that cannot be read now. */
  pending: number | null
  /** What it could not read or correct in its life: uncorrectable sectors, media errors. */
  uncorrected: number | null
  sparePercent: number | null
  /** At this the maker calls the spare used up. */
  spareLimitPercent: number | null
  /** Transfers that failed between disk and controller: the cable or the bay, not the disk. */
  cableErrors: number | null
  /** Attributes beyond the limit of the maker at this moment, by name. */
  failingNow: string[]
}

/** Why a disk could not be asked; the first two are its nature, the others somebody can mend. */
export type UnreadCode =
  | 'NO_DEVICE'
  | 'UNSUPPORTED'
  | 'NO_SMARTCTL'
  | 'NO_PERMISSION'
  | 'DEVICE_GONE'
  | 'HANGS'
  | 'RUBBISH'

/** One disk that can be taken out; a store on a RAID has several. */
export interface PhysicalDisk {
  /** Such as `/dev/sda`; empty when there is none beneath the store. */
  device: string
  facts: DiskFacts | null
  unread: { code: UnreadCode; detail: string } | null
}

/** What was found when the disks under a store were looked at. */
export interface DiskExam {
  disks: PhysicalDisk[]
  /** Exactly, when another disk is mounted than the one that the configuration names. */
  otherThanNamed: string | null
}

/** The disk under one store. */
export interface Disk {
  /** Null before the first. */
  exam: DiskExam | null
  /** When it was last looked at; null when it is due. */
  examinedMs: number | null
  /** Since when the bay's line says fault; null while it does not. */
  bayFaultMs: number | null
  /** How long the last probes took to be durable, in milliseconds, oldest first. */
  probesMs: number[]
  /** It has become slow: 95 of 100 probes took at most so long. */
  slowP95Ms: number | null
  /** Less than one hearing fits. */
  isFilling: boolean
  /** Failed transfers at the first look, by serial number: only new ones are news. */
  cableErrorsAtFirst: Record<string, number>
}

export const freshDisk = (): Disk => ({
  exam: null,
  examinedMs: null,
  bayFaultMs: null,
  probesMs: [],
  slowP95Ms: null,
  isFilling: false,
  cableErrorsAtFirst: {},
})
