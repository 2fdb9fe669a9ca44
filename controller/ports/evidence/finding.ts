import { clockText } from '../../base/units.ts'

/**
 * What a check can find. `damage`: bytes that were confirmed are gone, changed or added. `missing`: bytes this disk
 * never confirmed are not on it. `remark`: worth knowing, nothing wrong with the bytes.
 */
export const FINDINGS = {
  'journal-missing': 'unknown',
  'journal-unreadable': 'unknown',
  'journal-empty': 'unknown',
  'journal-line': 'damage',
  'journal-chain': 'damage',
  'journal-torn': 'remark',
  'journal-added': 'damage',
  'mirror-unreadable': 'remark',
  'mirror-shorter': 'remark',
  'mirror-differs': 'damage',
  'fragment-damaged': 'damage',
  'fragment-lost': 'damage',
  'fragment-absent': 'missing',
  'fragment-unreadable': 'damage',
  'not-permitted': 'unknown',
  'bytes-added': 'damage',
  'bytes-unlisted': 'remark',
  'file-unlisted': 'remark',
  gap: 'remark',
  interruption: 'remark',
  'hearing-open': 'remark',
} as const

export type FindingCode = keyof typeof FINDINGS
export type Severity = (typeof FINDINGS)[FindingCode]

export interface Finding {
  code: FindingCode
  severity: Severity
  track?: string
  /** Path inside the hearing folder. */
  file?: string
  /** Place of the bytes in the file. */
  offset?: number
  bytes?: number
  /** Place on the media time line. */
  fromMs?: number
  toMs?: number
  /** With a mirror: whether these bytes are whole there. */
  onMirror?: boolean
  /** In plain words, for the clerk. */
  clerk: string
  /** Exactly, for the engineer. */
  engineer: string
}

/** `from 0:10:02.0 to 0:10:09.5 (7.5 s)` */
export const spanText = (fromMs: number, toMs: number): string =>
  `from ${clockText(fromMs)} to ${clockText(toMs)} (${((toMs - fromMs) / 1_000).toFixed(1)} s)`

/** `whole`: everything listed is here and unchanged. `unknown`: it cannot be told, for want of a journal or of rights. */
export type Verdict = 'whole' | 'incomplete' | 'damaged' | 'unknown'

/** 0 whole, 1 incomplete or damaged, 2 unknown. */
export const exitCodeOf = (verdict: Verdict): number => ({ whole: 0, incomplete: 1, damaged: 1, unknown: 2 })[verdict]

/** Of one code no more findings are kept: a journal of garbage must not fill the memory. */
const KEPT_OF_A_CODE = 500

/** Gathers findings and knows the verdict that follows from them. */
export class Findings {
  readonly list: Finding[] = []
  /** Findings that were counted and not kept. */
  more = 0
  readonly #counts = new Map<FindingCode, number>()

  add(code: FindingCode, about: Omit<Finding, 'code' | 'severity'>): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count > KEPT_OF_A_CODE) this.more++
    else this.list.push({ code, severity: FINDINGS[code], ...about })
  }

  get verdict(): Verdict {
    const has = (severity: Severity) => this.list.some((one) => one.severity === severity)
    // Without a single journal line there is nothing that bytes could be compared with.
    if (this.#counts.has('journal-empty')) return 'unknown'
    return has('damage') ? 'damaged' : has('unknown') ? 'unknown' : has('missing') ? 'incomplete' : 'whole'
  }
}
