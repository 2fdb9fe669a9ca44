import type { FaultCode } from '../fault.ts'

type Nothing = Record<never, never>

interface Spoiled {
  fault: FaultCode
  detail: string
}

interface Detail {
  detail: string
}

/** Fragments in a row that are not whole. */
export interface Row {
  run: number
  fromSeq: number
  toSeq: number
  /** The system's own word where the disk would not give them; else empty. */
  code: string
  stores: readonly string[]
}

/** A signature or the like that speaks for line `upto`. */
interface Spoken {
  upto: number
}

interface Device {
  device: string
  issuer: string
}

interface Certificate {
  device: string
  atUtc: string
  /** Where its validity begins or ends. */
  limitUtc: string
}

/** A key that was not known for what it is. */
interface Witness {
  witness: string
}

/** What the sentence of each finding is about. */
export interface About {
  'journal-missing': Detail
  'journal-unreadable': Detail
  'journal-empty': { bytes: number }
  'journal-excessive': Nothing
  'journal-line': Spoiled
  'journal-chain': Spoiled
  'journal-torn': Spoiled
  'journal-added': Spoiled
  'mirror-unreadable': Detail
  'mirror-shorter': { shorter: 'this' | 'other'; here: number; there: number }
  'mirror-differs': Nothing
  'fragment-damaged': Row
  'fragment-lost': Row
  'fragment-absent': Row
  'fragment-unreadable': Row
  'fragment-sealed': { seals: string }
  'not-permitted': Row
  'bytes-added': Nothing
  'bytes-unlisted': { why: 'tail' | 'open' }
  'file-unlisted': Nothing
  gap: { reason: string }
  interruption: { stoppedUtc: string; resumedUtc: string; reason: string }
  'hearing-open': { entries: number }

  'opening-wrong': Nothing
  'after-closing': { kind: string }
  unsigned: Nothing
  'unsigned-long': { seconds: number }
  'unsigned-end': { seconds: number }
  'closing-unsigned': Nothing
  'signature-late': { seconds: number }
  'signature-bad': Spoken
  'signature-head': Spoken
  'signature-place': Spoken
  'signature-foreign': Spoken
  'device-key': { device: string }
  'device-certificate': { device: string }
  'device-chain': Device
  'device-changed': { from: string; to: string }
  'device-replaced': { from: string; to: string }
  'device-untrusted': Device
  'device-unchecked': Device
  'self-signed': { device: string }
  'certificate-expired': Certificate
  'certificate-early': Certificate
  'receipt-bad': Spoken
  'receipt-void': Nothing
  'receipt-differs': Spoken & { receivedUtc: string }
  'receipt-beyond': Spoken & { receivedUtc: string; last: number }
  'receipt-place': Spoken
  'receipts-unreadable': Detail
  'witness-untrusted': Witness
  'witness-unchecked': Witness
  unwitnessed: Nothing
  'unwitnessed-end': { seconds: number }
  'witnessed-late': { receivedUtc: string }
  'stamp-bad': Spoken
  'stamp-head': Spoken
  'stamp-untrusted': { authority: string }
  'stamp-unchecked': { authority: string }
  'clock-ahead': { by: 'witness' | 'stamp'; seconds: number }
  'clock-step': { stepMs: number }
  'clock-free': Nothing
  seal: { seal: string; by: string; reason: string; state: 'whole' | 'replaced'; tracks: readonly string[] }
  'seal-unsigned': { seal: string }
  'locked-altered': { seal: string }
  'locked-unreadable': { seal: string; detail: string }
}
