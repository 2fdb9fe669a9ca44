import type { About } from '../about.ts'
import type { FindingCode, Severity } from '../finding.ts'
import type { Verdict } from '../verify.ts'

/** Everything that a verification says in one language. A sentence that is missing does not compile. */
export interface Words {
  verdict: Record<Verdict, string>
  severity: Record<Severity, string>
  state: Record<'open' | 'closed' | 'unknown', string>
  /** Where something was found. */
  place: {
    line: (n: number) => string
    bytes: (from: number, to: number) => string
    /** Times of day; the same twice for one moment. */
    time: (from: string, to: string) => string
    /** Places on the media time line. */
    media: (from: string, to: string) => string
    onMirror: Record<'true' | 'false', string>
  }
  heading: (about: { hearing: string; case: string; room: string; state: string; length: string }) => string
  unknownName: string
  track: (about: { fragments: number; files: number; megabytes: string }) => string
  gaps: (count: number, seconds: number) => string
  missing: (count: number) => string
  damaged: (count: number) => string
  device: (about: { name: string; key: string; issuer: string }) => string
  signed: (utc: string, count: number) => string
  witnessed: (utc: string, count: number) => string
  /** A witness was asked over the network; `proven`: by TLS, whose server answered. */
  asked: (about: { url: string; receipts: number; proven: boolean }) => string
  stamped: (from: string, to: string, count: number) => string
  more: (count: number) => string
  findings: { [Code in FindingCode]: (about: About[Code]) => string }
}
