/** The disk under a store for the status: its verdict, and the figures behind it. A pure view. */
import type { DiskStatus } from '../wire/disk.ts'
import { p95, verdictOnDisk } from './disk.ts'
import type { PhysicalDisk } from './disk-facts.ts'
import { unreadText } from './disk-rules.ts'
import type { State } from './state.ts'

const physicalView = ({ device, facts, unread }: PhysicalDisk): DiskStatus['devices'][number] => ({
  device,
  model: facts?.model ?? '',
  serial: facts?.serial ?? '',
  temperatureC: facts?.temperatureC ?? null,
  wornPercent: facts?.wornPercent ?? null,
  hours: facts?.hours ?? null,
  why: unread ? unreadText(unread.code) : null,
})

export const diskView = (state: State, store: string): DiskStatus => {
  const disk = state.disks[store]
  return {
    verdict: verdictOnDisk(state, store),
    writeP95Ms: disk?.probesMs.length ? Math.round(p95(disk.probesMs) * 10) / 10 : null,
    devices: disk?.exam?.disks.map(physicalView) ?? [],
  }
}
