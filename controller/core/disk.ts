/**
 * The disk under each store (R30): the bay's fault line, SMART, how long writes take, room and mount make one verdict
 * with reasons. Whether the store takes part in a recording is the store's own machine (store.ts); this one warns.
 */
import { type Reason, reason } from '../base/reason.ts'
import { type Disk, type DiskExam, freshDisk } from './disk-facts.ts'
import { type DiskFinding, findingsOfPhysical } from './disk-rules.ts'
import { type DiskVerdict, diskVerdictOf } from './disk-table.ts'
import type { EventOf } from './event.ts'
import { hoursOf } from './forecast.ts'
import type { State } from './state.ts'
import { put, type Step, stay } from './step.ts'
import { nameOfStore } from './words.ts'

/** Probes that are remembered: five minutes of them. */
const PROBES = 150
/** Fewer say nothing about 95 of 100. */
const ENOUGH = 30
/** A slow disk is quick again below this share of the limit; else it would come and go. */
const QUICK_AGAIN = 0.5
/** A disk that was filling is not so any more with so much more room than a hearing needs. */
const ROOMY_AGAIN = 1.1
/** An answer that never comes keeps nobody else waiting. */
export const LOST_EXAM_MS = 300_000

/** The value that 95 of 100 do not exceed (nearest rank); 0 of none. */
export const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * 0.95) - 1)] ?? 0

const changed = (state: State, store: string, disk: Disk): State => ({ ...state, disks: put(state.disks, store, disk) })

/** What a probe tells of its disk, beside what it tells of its store. */
export const diskProbed = (state: State, { store, ok, tookMs, freeBytes }: EventOf<'store-probed'>): Step => {
  const disk = state.disks[store]
  if (!ok || !disk) return stay(state)
  const { bytesPerSecond, expectedHours, slowMs } = state.plan
  const probesMs = [...disk.probesMs, tookMs].slice(-PROBES)
  const slowest = p95(probesMs)
  const isSlow = probesMs.length >= ENOUGH && slowest > (disk.slowP95Ms === null ? slowMs : slowMs * QUICK_AGAIN)
  const needed = expectedHours * (disk.isFilling ? ROOMY_AGAIN : 1)
  const isFilling = hoursOf(freeBytes, bytesPerSecond) < needed
  return stay(changed(state, store, { ...disk, probesMs, slowP95Ms: isSlow ? slowest : null, isFilling }))
}

/** What was found when a store's disks were looked at. */
export const diskExamined = (state: State, { store, exam, atMs }: EventOf<'disk-examined'>): Step => {
  const disk = state.disks[store]
  const { examining } = state
  if (!disk) return stay(state)
  const cableErrorsAtFirst = { ...disk.cableErrorsAtFirst }
  for (const { facts } of exam.disks)
    if (facts && facts.cableErrors !== null) cableErrorsAtFirst[facts.serial] ??= facts.cableErrors
  const next = changed(state, store, { ...disk, exam, examinedMs: atMs, cableErrorsAtFirst })
  return stay({ ...next, examining: examining?.store === store ? null : examining })
}

/** Looks at one disk at a time, at the start and every so often; one that came back is looked at soon. */
export const tickDisks = (state: State, at: EventOf<'tick'>): Step => {
  const { examining, plan, shuttingDown } = state
  if (!plan.examineEveryMs || shuttingDown || !state.boot) return stay(state)
  if (examining && at.atMs - examining.sinceMs < LOST_EXAM_MS) return stay(state)
  const due = plan.stores.find((name) => {
    const examinedMs = state.disks[name]?.examinedMs ?? null
    return state.stores[name]?.is !== 'failed' && (examinedMs === null || at.atMs - examinedMs >= plan.examineEveryMs)
  })
  if (due === undefined) return stay(examining ? { ...state, examining: null } : state)
  const why = reason(`${nameOfStore(due)} is asked for its health`, `SMART, every ${plan.examineEveryMs} ms`)
  return {
    state: { ...state, examining: { store: due, sinceMs: at.atMs } },
    commands: [{ do: 'examine-disk', store: due, reason: why }],
  }
}

/** In a bay that comes back may be another disk: nothing that was known of the one before counts any more. */
export const forgetDisk = (state: State, store: string): State => {
  const disk = state.disks[store]
  return disk ? changed(state, store, { ...freshDisk(), bayFaultMs: disk.bayFaultMs }) : state
}

/** What is wrong with the disk under a store, whatever its store says. */
export const findingsOf = (state: State, store: string): DiskFinding[] => {
  const disk = state.disks[store]
  if (!disk) return []
  const name = nameOfStore(store)
  const { exam, bayFaultMs, slowP95Ms, isFilling } = disk
  const found = (code: DiskFinding['code'], clerk: string, engineer: string): DiskFinding => ({
    code,
    why: reason(`${name} ${clerk}`, engineer),
  })
  const { slowMs, expectedHours } = state.plan
  return [
    ...(bayFaultMs === null ? [] : [found('DISK_BAY_FAULT', 'reports a fault of its bay', 'the fault line is active')]),
    ...(exam?.disks.flatMap((physical) => findingsOfPhysical(name, physical)) ?? []),
    ...cableFindings(name, disk),
    ...(slowP95Ms === null
      ? []
      : [
          found(
            'DISK_SLOW',
            'has become slow',
            `95 of 100 small writes take up to ${Math.round(slowP95Ms)} ms, limit ${slowMs} ms`,
          ),
        ]),
    ...(isFilling
      ? [found('DISK_FILLING', 'holds less than one more hearing', `less than ${expectedHours} hours are left`)]
      : []),
    ...(exam?.otherThanNamed
      ? [found('DISK_OTHER', 'is another one than the configuration says', exam.otherThanNamed)]
      : []),
    ...sharedFindings(state, store, name),
  ]
}

const cableFindings = (name: string, { exam, cableErrorsAtFirst }: Disk): DiskFinding[] =>
  (exam?.disks ?? []).flatMap(({ device, facts }) => {
    const fresh = (facts?.cableErrors ?? 0) - (cableErrorsAtFirst[facts?.serial ?? ''] ?? Number.POSITIVE_INFINITY)
    if (fresh <= 0) return []
    const engineer = `${device} ${facts?.serial}: ${fresh} new transfer errors (UDMA CRC) since the recorder started`
    return [
      { code: 'DISK_CABLE', why: reason(`${name} has a bad cable or sits loosely in its bay`, engineer) } as const,
    ]
  })

const devicesOf = (exam: DiskExam | null | undefined): string[] =>
  exam?.disks.flatMap(({ device }) => (device ? [device] : [])) ?? []

/** Both stores on one disk: told of the second only, for it is the second copy that protects nothing. */
const sharedFindings = (state: State, store: string, name: string): DiskFinding[] => {
  const [first] = state.plan.stores
  if (first === undefined || first === store) return []
  const shared = devicesOf(state.disks[store]?.exam).filter((device) =>
    devicesOf(state.disks[first]?.exam).includes(device),
  )
  if (!shared.length) return []
  const why: Reason = reason(
    `${name} and ${nameOfStore(first)} lie on one and the same disk`,
    `${first} and ${store} share ${shared.join(', ')}`,
  )
  return [{ code: 'DISK_SHARED', why }]
}

/** The one verdict on a store's disk: what was found, and how the store stands. */
export const verdictOnDisk = (state: State, store: string): DiskVerdict => {
  const codes = findingsOf(state, store).map(({ code }) => code)
  const is = state.stores[store]?.is
  return diskVerdictOf([
    ...codes,
    ...(is === 'failed' ? (['DISK_FAILED'] as const) : is === 'late' ? (['DISK_LATE'] as const) : []),
  ])
}
