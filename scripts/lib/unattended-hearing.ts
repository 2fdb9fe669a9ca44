/** Press REC, record, press STOP, check: the whole of a hearing with nobody in the room. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ToRecorder } from '../../controller/wire/clerk.ts'
import { ask } from './clerk-link.ts'
import type { RecorderChild } from './recorder-child.ts'

export interface CheckedTrack {
  name: string
  codec: string
  seconds: number
  fragments: number
  bytes: number
  gaps: number
}

const LIVE_WITHIN_S = 60
const CLOSED_WITHIN_S = 60

/** Records `seconds` and returns the hearing's id once it is closed. */
export const holdHearing = async (
  recorder: RecorderChild,
  runtimeDir: string,
  seconds: number,
  say: (line: string) => void,
): Promise<string> => {
  const ready = await recorder.waitUntil('waiting for every source', LIVE_WITHIN_S, ({ sources }) =>
    sources.every(({ state }) => state === 'live'),
  )
  const caseNumber = `DEMO-${new Date().toISOString().slice(0, 16).replace(/\D/g, '')}`
  say(`${ready.sources.length} sources live, ${ready.tracks.length} tracks; REC for ${seconds} s, case ${caseNumber}`)
  const hearing = await press(runtimeDir, { do: 'press', button: 'rec', case: caseNumber, by: 'scripts/start' })
  if (!hearing) throw new Error('REC was accepted, but no hearing is open')
  for (const until = performance.now() + seconds * 1_000; performance.now() < until; ) {
    await delay(Math.min(500, Math.max(0, until - performance.now())))
    if (recorder.ended()) await recorder.waitUntil('recording', 1, () => false)
  }
  await press(runtimeDir, { do: 'press', button: 'stop', by: 'scripts/start' })
  await recorder.waitUntil(
    'closing the hearing',
    CLOSED_WITHIN_S,
    ({ state }) => state === 'closed' || state === 'idle',
  )
  return hearing
}

type Press = Extract<Parameters<typeof ask>[1], { do: 'press' }>

const press = async (runtimeDir: string, message: Press): Promise<string | null> => {
  const answer = await ask(runtimeDir, message satisfies { do: ToRecorder['do'] })
  if (answer.is === 'accepted') return answer.hearing
  throw new Error(answer.is === 'refused' ? `${message.button} was refused: ${answer.text}` : 'an answer out of place')
}

/** The command line's own check of a hearing folder; throws unless it is whole. */
export const checkHearing = async (dir: string): Promise<CheckedTrack[]> => {
  const { said, complaint } = await new Promise<{ said: string; complaint: string }>((resolve) =>
    execFile(
      process.execPath,
      ['dist/verbatim.js', 'check', dir, '--json'],
      { maxBuffer: 1 << 28 },
      (_error, out, err) => resolve({ said: out, complaint: err }),
    ),
  )
  let result: { verdict?: string; tracks?: CheckedTrack[] }
  try {
    result = JSON.parse(said)
  } catch (cause) {
    throw new Error(`the check of ${dir} gave no result: ${complaint.trim() || said.trim()}`, { cause })
  }
  if (result.verdict !== 'whole')
    throw new Error(`${dir} is ${result.verdict ?? 'unknown'}: ${said.trim().slice(0, 2_000)}`)
  return (result.tracks ?? []).map(({ name, codec, seconds, fragments, bytes, gaps }) => ({
    ...{ name, codec, seconds, fragments, bytes },
    gaps: Array.isArray(gaps) ? gaps.length : gaps,
  }))
}

export const folderOf = (store: string, hearing: string): string => join(store, hearing)
