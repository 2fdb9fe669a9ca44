/** The recorder's status for a person: what the lamp says, what is on disk, and what to do when something is wrong. */
import { clockText } from '../base/units.ts'
import type { Status } from '../wire/clerk.ts'
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

const storeRow = (store: Status['stores'][number]): string[] => [
  store.name,
  store.state,
  store.freeBytes === null ? 'unknown' : `${sizeText(store.freeBytes)} free`,
  store.hoursLeft === null ? '' : `${store.hoursLeft.toFixed(1)} hours left`,
  store.path,
  store.why ?? '',
]

const ADVICE = {
  stores: 'Disk: the other disk goes on recording. Make room or replace it; it is filled again without stopping.',
  noStore: 'Disk: NOTHING IS BEING SAVED. Interrupt the hearing and call technical support.',
  sources: 'Camera or microphone: check its power and its cable. It is tried again by itself; the others go on.',
  tracks: 'Microphone silent: is it switched on? Picture black or frozen: is the lens covered, does the camera hang?',
  lamp: 'The lamp blinks: tell the judge that not everything is being recorded.',
}

const adviceFor = ({ lamp, stores, sources, tracks }: Status): string[] => {
  const bad = stores.filter(({ state }) => state === 'failed' || state === 'late')
  const none = stores.length > 0 && stores.every(({ state }) => state === 'failed')
  return [
    ...(lamp === 'blinking' ? [ADVICE.lamp] : []),
    ...(none ? [ADVICE.noStore] : bad.length ? [ADVICE.stores] : []),
    ...(sources.some(({ state }) => state === 'waiting') ? [ADVICE.sources] : []),
    ...(tracks.some(({ alarms }) => alarms.length) ? [ADVICE.tracks] : []),
  ]
}

const section = (title: string, lines: readonly string[]): string[] => (lines.length ? ['', title, ...lines] : [])

/** What `verbatim status` prints: one string a line. */
export const statusLines = (status: Status): string[] => {
  const { room, state, lamp, hearing, mediaMs, sources, tracks, stores, troubles, selfTest } = status
  return [
    `${plain(room)}: ${STATES[state]}`,
    `lamp     ${LAMPS[lamp]}`,
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
    ...section('Stores', table(stores.map(storeRow))),
    ...section(
      'Troubles',
      troubles.map(({ clerk, engineer }) => plain(`  ! ${clerk}${engineer === clerk ? '' : ` [${engineer}]`}`)),
    ),
    ...section(
      'Failed when the recorder tested itself at its start',
      selfTest.filter(({ ok }) => !ok).map(({ what, detail }) => plain(`  ! ${what} [${detail}]`)),
    ),
    ...section(
      'What to do',
      adviceFor(status).map((line) => `  ${line}`),
    ),
  ]
}
