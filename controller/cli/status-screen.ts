/** The recorder's status for a person: what the lamp says, what is on disk, and what to do when something is wrong. */
import { clockText } from '../base/units.ts'
import type { FleetStatus, Status } from '../wire/clerk.ts'
import type { HealthReason, Verdict } from '../wire/health.ts'
import { plain, sizeText, table } from './table.ts'

const STATES: Record<Status['state'], string> = {
  idle: 'ready, not recording',
  recording: 'RECORDING',
  'off-record': 'OFF THE RECORD, nothing is written',
  closing: 'closing the hearing',
  closed: 'the hearing is closed, ready for the next',
}

const LAMPS: Record<Status['lamp'], string> = {
  dark: 'dark',
  steady: 'steady: everything required is on disk',
  blinking: 'BLINKING: not everything required reaches a disk',
}

/** Older than this while recording, the track's lamp is out (R20). */
const FRESH_MS = 2_000

const onDisk = (track: Status['tracks'][number], state: Status['state']): string => {
  if (state !== 'recording') return '-'
  if (track.confirmedAgoMs === null) return 'NOT YET'
  const ago = `${(track.confirmedAgoMs / 1_000).toFixed(1)} s ago`
  return track.confirmedAgoMs > FRESH_MS ? `LATE ${ago}` : ago
}

const trackRow = (track: Status['tracks'][number], state: Status['state']): string[] => [
  track.name,
  track.label,
  onDisk(track, state),
  clockText(track.seconds * 1_000),
  `${track.gaps}`,
  sizeText(track.bytes),
  track.levelDbfs === null ? '' : `${track.levelDbfs.toFixed(0)} dB`,
  track.alarms.join(', '),
]

const deviceRow = (
  { name, disk }: Status['stores'][number],
  { device, model, serial, temperatureC, wornPercent, hours, why }: Status['stores'][number]['disk']['devices'][number],
): string[] => [
  name,
  device || 'no device',
  [model, serial].filter(Boolean).join(' '),
  temperatureC === null ? '' : `${temperatureC} °C`,
  wornPercent === null ? '' : `${wornPercent} % worn`,
  hours === null ? '' : `${hours} h`,
  disk.writeP95Ms === null ? '' : `writes within ${disk.writeP95Ms} ms`,
  why ?? disk.verdict,
]

const storeRow = (store: Status['stores'][number]): string[] => [
  store.name,
  store.state,
  store.freeBytes === null ? 'unknown' : `${sizeText(store.freeBytes)} free`,
  store.hoursLeft === null ? '' : `${store.hoursLeft.toFixed(1)} hours left`,
  store.path,
  store.why ?? '',
]

const VERDICTS: Record<Verdict, string> = {
  good: 'good',
  watch: 'good, with something to look at',
  degraded: 'DEGRADED: not all is as it must be',
  failed: 'FAILED: nothing can be recorded',
}

const TELL_THE_JUDGE = 'The lamp blinks: tell the judge that not everything is being recorded.'

/** What is wrong, exactly, and under it what to do. */
const reasonLines = ({ clerk, engineer, toDo }: HealthReason): string[] => [
  `  ! ${clerk}${engineer === clerk ? '' : ` [${engineer}]`}`,
  `      ${toDo}`,
]

/** How the recorder stands with the fleet. */
export const fleetLines = ({
  is,
  device,
  court,
  code,
  hub,
  reached,
  since,
  why,
  waiting,
  config,
  certificateExpires,
}: FleetStatus): string[] => {
  const when = since ? ` since ${since}` : ''
  if (is === 'revoked' || is === 'expired')
    return [
      `  ${is === 'revoked' ? 'TAKEN OUT of the fleet' : 'CERTIFICATE EXPIRED'}: type the code ${code} into the console of the hub to have it taken in again`,
      `  device   ${device}, court ${court}`,
      `  hub      ${hub}, ${why}`,
      `  events   ${waiting ? `${waiting} are kept for the hub` : 'the hub has all'}`,
    ]
  if (is !== 'enrolled')
    return [
      `  not enrolled: type the code ${code || '(not made yet)'} into the console of the hub`,
      `  device   ${device}`,
      `  hub      ${hub}${why ? `, ${is === 'refused' ? 'REFUSED' : 'not reached'}: ${why}` : reached ? ', waits for the code' : ''}`,
    ]
  return [
    `  device   ${device}, court ${court}`,
    `  hub      ${hub}, ${reached ? `reached${when}` : `NOT REACHED${when}: ${why}`}`,
    `  events   ${waiting ? `${waiting} wait for the hub` : 'the hub has all'}`,
    `  config   ${config}`,
    ...(certificateExpires ? [`  certificate until ${certificateExpires}`] : []),
  ]
}

const section = (title: string, lines: readonly string[]): string[] => (lines.length ? ['', title, ...lines] : [])

/** What `verbatim status` prints: one string a line. */
export const statusLines = (status: Status): string[] => {
  const { room, state, lamp, hearing, mediaMs, sources, tracks, stores, health, selfTest } = status
  return [
    `${plain(room)}: ${STATES[state]}`,
    `lamp     ${LAMPS[lamp]}`,
    `health   ${VERDICTS[health.verdict]}`,
    ...(hearing ? [`hearing  ${plain(hearing)}, case ${plain(status.case || 'not given')}`] : []),
    ...(mediaMs === null ? [] : [`time     ${clockText(mediaMs)}`]),
    ...section('Sources', table(sources.map(({ name, state: is, why }) => [name, is, why ?? '']))),
    ...section(
      'Tracks',
      table([
        ['', '', 'on disk', 'length', 'gaps', 'size', 'level', ''],
        ...tracks.map((track) => trackRow(track, state)),
      ]),
    ),
    ...section('Panels', table(status.panels.map(({ name, role, state: is }) => [name, role, is]))),
    ...section('Stores', table(stores.map(storeRow))),
    ...section('Disks', table(stores.flatMap((store) => store.disk.devices.map((device) => deviceRow(store, device))))),
    ...section('Fleet', status.fleet ? fleetLines(status.fleet).map(plain) : []),
    ...section(
      'Troubles, and what to do',
      [...(lamp === 'blinking' ? [`  ${TELL_THE_JUDGE}`] : []), ...health.reasons.flatMap(reasonLines)].map(plain),
    ),
    ...section(
      'Failed when the recorder last tested itself',
      selfTest.filter(({ ok }) => !ok).map(({ what, detail }) => plain(`  ! ${what} [${detail}]`)),
    ),
  ]
}
