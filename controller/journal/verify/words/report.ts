import { clockText } from '../../../base/units.ts'
import type { CheckedTrack } from '../checked-track.ts'
import type { Severity } from '../finding.ts'
import type { Verification } from '../verify.ts'
import { sentenceOf } from './sentence.ts'
import { timeText } from './text.ts'
import type { Words } from './words.ts'

/** The gravest first. */
const ORDER: readonly Severity[] = ['damage', 'unknown', 'missing', 'remark']

const trackLine = (track: CheckedTrack, words: Words): string => {
  const { fragments, segments: files, bytes, gaps, gapSeconds, missing, damaged } = track
  const facts = [
    words.track({ fragments, files, megabytes: (bytes / 1e6).toFixed(1) }),
    words.gaps(gaps, gapSeconds),
    ...(missing ? [words.missing(missing)] : []),
    ...(damaged ? [words.damaged(damaged)] : []),
  ]
  const name = `${track.name} (${track.label})`
  return `  ${name.padEnd(32)} ${clockText(track.seconds * 1_000)}  ${track.codec ?? '-'}  ${facts.join(', ')}`
}

const proofLines = ({ device, signed, witnessed, stamped }: Verification, words: Words): string[] => [
  ...(device
    ? [words.device({ ...device, key: device.key.slice(0, 16), issuer: device.issuer || words.unknownName })]
    : []),
  ...(signed ? [words.signed(timeText(signed.utc), signed.count)] : []),
  ...(witnessed ? [words.witnessed(timeText(witnessed.utc), witnessed.count)] : []),
  ...(stamped ? [words.stamped(timeText(stamped.firstUtc), timeText(stamped.lastUtc), stamped.count)] : []),
]

/** What a verification says to a person: one string a line, the verdict last. */
export const reportLines = (verification: Verification, words: Words): string[] => {
  const { findings, tracks, hearing, room, state, mediaSeconds, moreFindings } = verification
  const labels = new Map(tracks.map(({ name, label }) => [name, label]))
  const ordered = ORDER.flatMap((severity) => findings.filter((one) => one.severity === severity))
  return [
    words.heading({
      hearing: hearing || words.unknownName,
      case: verification.case || words.unknownName,
      room: room || words.unknownName,
      state: words.state[state],
      length: clockText(mediaSeconds * 1_000),
    }),
    ...tracks.map((track) => trackLine(track, words)),
    ...proofLines(verification, words).map((line) => `  ${line}`),
    ...ordered.map(
      (one) => `  ${words.severity[one.severity]}: ${sentenceOf(one, (track) => labels.get(track) ?? track, words)}`,
    ),
    ...(moreFindings ? [`  ${words.more(moreFindings)}`] : []),
    words.verdict[verification.verdict],
  ]
}
