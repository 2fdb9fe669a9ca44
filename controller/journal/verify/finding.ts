import type { About } from './about.ts'

/**
 * What comparing bytes with the journal can find. `damage`: bytes that were confirmed are gone, changed or added.
 * `missing`: bytes this disk never confirmed are not on it. `remark`: worth knowing, nothing wrong with the bytes.
 */
export const BYTE_FINDINGS = {
  'journal-missing': 'unknown',
  'journal-unreadable': 'unknown',
  'journal-empty': 'unknown',
  'journal-excessive': 'unknown',
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
  'fragment-sealed': 'remark',
  'not-permitted': 'unknown',
  'bytes-added': 'damage',
  'bytes-unlisted': 'remark',
  'file-unlisted': 'remark',
  gap: 'remark',
  interruption: 'remark',
  'hearing-open': 'remark',
} as const

/** What checking who signed, witnessed and stamped can find, beyond the bytes. */
export const PROOF_FINDINGS = {
  'opening-wrong': 'damage',
  'after-closing': 'damage',
  unsigned: 'unknown',
  'unsigned-long': 'unknown',
  'unsigned-end': 'remark',
  'closing-unsigned': 'remark',
  'signature-late': 'remark',
  'signature-bad': 'damage',
  'signature-head': 'damage',
  'signature-place': 'damage',
  'signature-foreign': 'damage',
  'device-key': 'damage',
  'device-certificate': 'damage',
  'device-chain': 'damage',
  'device-changed': 'damage',
  'device-replaced': 'remark',
  'device-untrusted': 'damage',
  'device-unchecked': 'remark',
  'self-signed': 'remark',
  'certificate-expired': 'remark',
  'certificate-early': 'remark',
  'receipt-bad': 'damage',
  'receipt-void': 'remark',
  'receipt-differs': 'damage',
  'receipt-beyond': 'damage',
  'receipt-place': 'unknown',
  'receipts-unreadable': 'remark',
  'witness-untrusted': 'remark',
  'witness-unchecked': 'remark',
  unwitnessed: 'remark',
  'unwitnessed-end': 'remark',
  'witnessed-late': 'remark',
  'stamp-bad': 'damage',
  'stamp-head': 'damage',
  'stamp-untrusted': 'remark',
  'stamp-unchecked': 'remark',
  'clock-ahead': 'remark',
  'clock-step': 'remark',
  'clock-free': 'remark',
  seal: 'remark',
  'seal-unsigned': 'remark',
  'locked-altered': 'damage',
  'locked-unreadable': 'unknown',
} as const

export const FINDINGS = { ...BYTE_FINDINGS, ...PROOF_FINDINGS }

export type ByteFindingCode = keyof typeof BYTE_FINDINGS
export type FindingCode = keyof typeof FINDINGS
export type Severity = (typeof FINDINGS)[FindingCode]

/** Where something was found, as far as it has a place. */
export interface Place {
  track?: string
  /** Path inside the hearing folder. */
  file?: string
  /** Place of the bytes in the file. */
  offset?: number
  bytes?: number
  /** Number of the journal's line. */
  line?: number
  /** Place on the media time line. */
  fromMs?: number
  toMs?: number
  /** Time of day, ISO 8601. */
  fromUtc?: string
  toUtc?: string
  /** With a mirror: whether these bytes are whole there. */
  onMirror?: boolean
}

/** Something found. `about` holds what its sentence needs beside the place. */
export type Finding<Code extends FindingCode = FindingCode> = {
  [C in Code]: Place & { code: C; severity: Severity; about: About[C] }
}[Code]

/** Of one code no more findings are kept: a journal of garbage must not fill the memory. */
const KEPT_OF_A_CODE = 500

/** Gathers findings, and counts those that it does not keep. */
export class Findings {
  readonly list: Finding[] = []
  /** Findings that were counted and not kept. */
  more = 0
  readonly #counts = new Map<FindingCode, number>()

  add<Code extends FindingCode>(code: Code, place: Place, about: About[Code]): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count > KEPT_OF_A_CODE) this.more++
    else this.list.push({ code, severity: FINDINGS[code], ...place, about } as Finding)
  }

  /** Adds it unless it was said before. */
  once<Code extends FindingCode>(code: Code, place: Place, about: About[Code]): void {
    if (!this.has(code)) this.add(code, place, about)
  }

  has(code: FindingCode): boolean {
    return this.#counts.has(code)
  }

  hasSeverity(severity: Severity): boolean {
    return this.list.some((one) => one.severity === severity)
  }
}
