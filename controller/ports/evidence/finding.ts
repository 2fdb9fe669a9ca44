import type { BYTE_FINDINGS, ByteFindingCode, Findings, Place, Severity } from '../../journal/verify/finding.ts'

export { BYTE_FINDINGS as FINDINGS } from '../../journal/verify/finding.ts'

export type FindingCode = ByteFindingCode

/** Something that a check found, with its sentences. */
export interface Finding extends Place {
  code: FindingCode
  severity: (typeof BYTE_FINDINGS)[FindingCode]
  /** In plain words, for the clerk. */
  clerk: string
  /** Exactly, for the engineer. */
  engineer: string
}

/** `whole`: everything listed is here and unchanged. `unknown`: it cannot be told, for want of a journal or of rights. */
export type Verdict = 'whole' | 'incomplete' | 'damaged' | 'unknown'

/** 0 whole, 1 incomplete or damaged, 2 unknown. */
export const exitCodeOf = (verdict: Verdict): number => ({ whole: 0, incomplete: 1, damaged: 1, unknown: 2 })[verdict]

/** The verdict that follows from what was found. */
export const verdictOf = (found: Findings): Verdict => {
  const has = (severity: Severity) => found.hasSeverity(severity)
  // Without a single journal line there is nothing that bytes could be compared with.
  if (found.has('journal-empty')) return 'unknown'
  return has('damage') ? 'damaged' : has('unknown') ? 'unknown' : has('missing') ? 'incomplete' : 'whole'
}
