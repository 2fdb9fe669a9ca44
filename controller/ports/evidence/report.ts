import { clockText } from '../../base/units.ts'
import type { CheckedTrack } from '../../journal/verify/checked-track.ts'
import type { HearingCheck } from './check.ts'
import type { Verdict } from './finding.ts'

const VERDICTS: Record<Verdict, string> = {
  whole: 'WHOLE: every byte that the journal lists is here and unchanged.',
  incomplete: 'INCOMPLETE: some of the recording never reached this disk; what is here is unchanged.',
  damaged: 'DAMAGED: something that was recorded is gone, changed or added to.',
  unknown: 'UNKNOWN: it cannot be told whether this is whole.',
}

const trackLine = (track: CheckedTrack): string => {
  const counts = [
    `${track.fragments} fragments in ${track.segments} files`,
    `${(track.bytes / 1e6).toFixed(1)} MB`,
    track.gaps ? `${track.gaps} gaps, ${track.gapSeconds} s` : 'no gaps',
    ...(track.missing ? [`${track.missing} MISSING`] : []),
    ...(track.damaged ? [`${track.damaged} DAMAGED`] : []),
  ]
  const name = `${track.name} (${track.label})`
  return `  ${name.padEnd(32)} ${clockText(track.seconds * 1_000)}  ${track.codec ?? 'nothing'}  ${counts.join(', ')}`
}

/** The recorder's own sentence begins with what the line says already. */
const noteIn = (reason: string): string => reason.replace(/^Off the record: /, '')

/** What `verbatim check` prints for a person: one string a line. */
export const reportLines = (check: HearingCheck): string[] => [
  `Hearing ${check.hearing}, case ${check.case || 'unknown'}, ${check.room || 'room unknown'}: ${check.state}, ${clockText(check.mediaSeconds * 1_000)} long`,
  ...check.tracks.map(trackLine),
  ...check.offRecord.map(
    ({ fromMs, toMs, reason }) =>
      `  off the record from ${clockText(fromMs)} to ${toMs === null ? 'now' : clockText(toMs)}: ${noteIn(reason)}`,
  ),
  ...check.findings.map(({ severity, clerk, engineer }) => `  ${severity}: ${clerk} [${engineer}]`),
  ...(check.moreFindings ? [`  and ${check.moreFindings} more findings of the same kinds`] : []),
  VERDICTS[check.verdict],
]
