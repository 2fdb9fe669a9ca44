/**
 * What the recorder finds when it tests itself, without a recording: whether its key signs, its disks take a write, GStreamer
 * has what its sources need, its clock is set, and which software it is. Nothing is mended here and nothing waits for it.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { messageOf } from '../base/error.ts'
import type { Reason } from '../base/reason.ts'
import type { Software } from '../base/software.ts'
import { within } from '../base/within.ts'
import { launchLine } from '../capture/launch.ts'
import type { SelfTestResult } from '../journal/entry.ts'
import type { Identity } from '../ports/identity/identity.ts'
import type { Probe } from '../ports/store/probe.ts'
import { type SourceConfig, tracksOf } from '../wire/config.ts'
import { keySigns } from './key-signs.ts'

const LIMIT_MS = 10_000
const MAX_BYTES = 8 << 20
/** Of no bytes at all: no file of the program was found. */
const NOTHING = createHash('sha256').digest('hex')

export interface SelfTestOptions {
  /** Or why there is none. */
  identity: Identity | Reason
  sources: SourceConfig[]
  stores: { name: string }[]
  /** The last answer of a store; when none has come within the limit it is a failure. */
  latestProbe: (store: string) => Promise<Probe>
  isSynchronized: () => Promise<boolean | null>
  software: Software
  utcMs: number
}

/** What a test found: its detail, or an error. */
type Test = () => string | Promise<string>

const tried = async (what: string, test: Test): Promise<SelfTestResult> => {
  try {
    const detail = await within(LIMIT_MS, Promise.resolve().then(test), what)
    return { what, ok: true, detail }
  } catch (fault) {
    return { what, ok: false, detail: messageOf(fault), toDo: toDoFor(what) }
  }
}

const TO_DO: Record<string, string> = {
  key: 'Hearings are recorded, but not signed. Call support.',
  certificate: 'Call support: the certificate of this recorder must be renewed.',
  store: 'Is the disk in its bay, mounted and not full? "verbatim status" says more.',
  GStreamer: 'Install what is missing; `scripts/start` does.',
  clock: 'Let the machine follow a time server (chrony). Recording does not depend on it.',
  software: 'Install the recorder again.',
}

/** The first word names the kind of test. */
const toDoFor = (what: string): string => TO_DO[what.split(' ')[0] ?? ''] ?? 'Call support.'

const check = (ok: boolean, detail: string): string => {
  if (ok) return detail
  throw new Error(detail)
}

/** Never throws; takes at most about ten seconds. */
export const selfTest = (options: SelfTestOptions): Promise<SelfTestResult[]> => {
  const { identity, sources, stores, latestProbe, isSynchronized, software, utcMs } = options
  const repairs = 'signer' in identity ? identity.repairs : []
  return Promise.all([
    tried('key', () => testKey(identity)),
    ...repairs.map(async ({ engineer }) => ({
      what: 'key repaired',
      ok: false,
      detail: engineer,
      toDo: toDoFor('key'),
    })),
    tried('certificate', () => testCertificate(identity, utcMs)),
    ...stores.map(({ name }) => tried(`store ${name}`, () => testStore(latestProbe(name)))),
    tried('GStreamer', () => testElements(sources)),
    tried('clock', () => testClock(isSynchronized())),
    tried('software', () => check(software.sha256 !== NOTHING, `${software.version}, sha256 ${software.sha256}`)),
  ])
}

const testKey = async (identity: Identity | Reason): Promise<string> => {
  if (!('signer' in identity)) throw new Error(identity.engineer)
  const { signer, entry } = identity
  const right = await keySigns(signer)
  return check(right, right ? `${entry.key} signs and verifies` : `what ${entry.key} signs does not verify`)
}

const testCertificate = (identity: Identity | Reason, utcMs: number): string => {
  if (!('signer' in identity)) throw new Error(identity.engineer)
  const { entry, validFrom, validTo } = identity
  const chain = entry.certificates.length > 1 ? `${entry.certificates.length} certificates` : 'one certificate'
  const valid = utcMs >= validFrom.getTime() && utcMs <= validTo.getTime()
  return check(valid, `"${entry.device}", ${chain}, valid from ${validFrom.toISOString()} to ${validTo.toISOString()}`)
}

const testStore = async (answer: Promise<Probe>): Promise<string> => {
  const { ok, reason } = await answer
  return check(ok, reason.engineer)
}

const testClock = async (answer: Promise<boolean | null>): Promise<string> => {
  const synchronized = await answer
  const unknown = 'neither chrony nor systemd-timesyncd says that it is synchronised'
  return check(
    synchronized === true,
    synchronized ? 'synchronised' : synchronized === null ? unknown : 'not synchronised',
  )
}

const testElements = async (sources: SourceConfig[]): Promise<string> => {
  const needed = new Set(sources.flatMap((source) => elementsOf(source)))
  const known = await knownElements()
  const missing = [...needed].filter((name) => !known.has(name))
  return check(!missing.length, missing.length ? `missing: ${missing.join(', ')}` : `${needed.size} elements are there`)
}

/** Names of the GStreamer elements that a source's pipeline is made of. */
export const elementsOf = (source: SourceConfig): string[] => {
  const fds = Object.fromEntries(tracksOf(source).map(({ name }, i) => [name, i + 3]))
  const line = launchLine({ source, fds, stalledMs: 1_000, encoder: 'x264enc', speechFile: '/speech.wav' })
  // What is left without values are elements: every property has a sign of equality, every pad a full stop.
  const bare = line.replaceAll(/"(?:\\.|[^"\\])*"/g, '')
  return [...new Set(bare.split(/[\s!]+/).filter((word) => /^[a-z][a-z0-9_]*$/.test(word)))]
}

/** One process for all: it takes as long as for one. */
const knownElements = (): Promise<Set<string>> =>
  new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: MAX_BYTES } as const
    execFile('gst-inspect-1.0', [], options, (fault, out) => {
      if (fault) reject(fault)
      else resolve(new Set([...out.matchAll(/^\S+: +([a-z0-9_]+): /gm)].map(([, name]) => name!)))
    })
  })
