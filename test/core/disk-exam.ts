/** What disks may say when they are asked for their health. */
import type { DiskExam, DiskFacts, UnreadCode } from '../../controller/core/disk-facts.ts'

/** A disk in order, in the middle of its life. */
export const GOOD_DISK: DiskFacts = {
  model: 'Model',
  serial: 'S1',
  kind: 'ssd',
  passed: true,
  temperatureC: 35,
  hours: 9_000,
  wornPercent: 20,
  reallocated: 0,
  pending: 0,
  uncorrected: 0,
  sparePercent: 100,
  spareLimitPercent: 10,
  cableErrors: 3,
  failingNow: [],
}

export const examOf = (facts: Partial<DiskFacts>, device = '/dev/sdb'): DiskExam => ({
  disks: [{ device, facts: { ...GOOD_DISK, ...facts }, unread: null }],
  otherThanNamed: null,
})

export const unreadExam = (code: UnreadCode): DiskExam => ({
  disks: [{ device: '/dev/sdb', facts: null, unread: { code, detail: 'as smartctl says' } }],
  otherThanNamed: null,
})
