import { clockText } from '../../../base/units.ts'
import type { Finding, FindingCode } from '../finding.ts'
import { timeText } from './text.ts'
import type { Words } from './words.ts'

const placeOf = (finding: Finding, labelOf: (track: string) => string, { place }: Words): string => {
  const { track, file, line, fromUtc, toUtc, fromMs, toMs, offset, bytes } = finding
  return [
    ...(track === undefined ? [] : [labelOf(track)]),
    ...(file === undefined ? [] : [file]),
    ...(line === undefined ? [] : [place.line(line)]),
    ...(fromUtc ? [place.time(timeText(fromUtc), timeText(toUtc || fromUtc))] : []),
    ...(fromMs === undefined || toMs === undefined ? [] : [place.media(clockText(fromMs), clockText(toMs))]),
    ...(offset === undefined ? [] : [place.bytes(offset, offset + (bytes ?? 0))]),
  ].join(', ')
}

/** What was found, as one or two sentences: where, then what. */
export const sentenceOf = (finding: Finding, labelOf: (track: string) => string, words: Words): string => {
  const say = words.findings[finding.code as FindingCode] as (about: Finding['about']) => string
  const where = placeOf(finding, labelOf, words)
  const text = `${where ? `${where}: ` : ''}${say(finding.about)}`
  const whole = /[.!?]$/.test(text) ? text : `${text}.`
  const mirror = finding.onMirror === undefined ? '' : ` ${words.place.onMirror[`${finding.onMirror}`]}`
  // A file is called as it is called.
  const isName = finding.track === undefined && finding.file !== undefined
  return (isName ? whole : whole.charAt(0).toUpperCase() + whole.slice(1)) + mirror
}
