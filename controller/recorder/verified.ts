import { z } from 'zod'

/** Of what `verbatim verify --json` prints, what is needed here. */
export const Verified = z.object({
  signed: z.object({ upto: z.number() }).nullable(),
  moreFindings: z.number(),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.string(),
      file: z.string().optional(),
      offset: z.number().optional(),
      bytes: z.number().optional(),
      onMirror: z.boolean().optional(),
    }),
  ),
})
export type Verified = z.output<typeof Verified>

/** Bytes that are not as the journal has them. Any other damage is the journal's, and then nothing may be repaired by it. */
const REPAIRABLE = new Set(['fragment-damaged', 'fragment-lost', 'fragment-absent', 'fragment-unreadable'])
/** Those of encrypted files are put right by locking. */
const LOCKED = new Set(['locked-altered', 'locked-unreadable'])

/** Media that is not as the journal has it, and whatever is wrong with the journal itself. */
export const damageIn = ({ findings }: Verified): Verified['findings'] =>
  findings.filter(({ code, severity }) => (severity === 'damage' && !LOCKED.has(code)) || REPAIRABLE.has(code))

/** Whether the journal may be gone by: it is signed, and nothing is damaged but media. */
export const isJournalGood = ({ signed, findings }: Verified): boolean =>
  signed !== null &&
  !findings.some(({ code, severity }) => severity === 'damage' && !REPAIRABLE.has(code) && !LOCKED.has(code))
