/** What the pipeline's messages mean. Levels come as text, a number for each channel: `"< -4.948993, -inf >"`. */
import type { BusMessage } from 'gstreamer-superficial'
import { type Reason, reason } from '../base/reason.ts'

export type BusWord =
  | { is: 'metronome'; runningMs: number }
  | { is: 'levels'; channels: { rmsDbfs: number; peakDbfs: number }[] }
  | { is: 'voice'; track: string; present: boolean }
  | { is: 'picture'; runningMs: number; luma: number; variance: number }
  | { is: 'ended' }
  | { is: 'looped' }
  | { is: 'failed'; reason: Reason }

/** Quieter than 24 bits can say. */
const SILENCE_DBFS = -144

const decibels = (values: unknown): number[] =>
  String(values)
    .replace(/[<>\s]/g, '')
    .split(',')
    .map(Number.parseFloat)
    .map((found) => (Number.isFinite(found) ? Math.max(SILENCE_DBFS, found) : SILENCE_DBFS))

const levelsOf = ({ rms, peak }: BusMessage): BusWord => {
  const peaks = decibels(peak)
  return { is: 'levels', channels: decibels(rms).map((rmsDbfs, i) => ({ rmsDbfs, peakDbfs: peaks[i] ?? rmsDbfs })) }
}

/** Plain words for what GStreamer says; the engineer gets all of it. */
const explain = (message: string): string => {
  if (/watchdog/i.test(message)) return 'nothing arrives any more (look at its cable and power)'
  if (/unauthorized|not authorized/i.test(message))
    return 'it refuses the user name or password (they stand in the configuration)'
  if (/not found|no such (file|device)/i.test(message))
    return 'it is not there (look at its cable, and at its place in the configuration)'
  if (/could not (connect|open|receive)|connection|could not read|resource/i.test(message))
    return 'no connection to it (look at its cable, power and address)'
  if (/not.negotiated|could not multiplex|no suitable|missing plugin/i.test(message))
    return 'it delivers a format that cannot be recorded'
  return 'it stopped delivering'
}

export const wordOf = (message: BusMessage): BusWord | null => {
  const from = message._src_element_name ?? ''
  if (message.name === 'level' && from === 'metronome')
    return { is: 'metronome', runningMs: Number(message['running-time']) / 1e6 }
  if (message.name === 'level') return levelsOf(message)
  if (message.name === 'voice-activity')
    return { is: 'voice', track: from.replace(/^voice-/, ''), present: message['stream-has-voice'] === true }
  if (message.name === 'GstVideoAnalyse')
    return {
      is: 'picture',
      runningMs: Number(message['running-time']) / 1e6,
      luma: Number(message['luma-average']),
      variance: Number(message['luma-variance']),
    }
  if (message.type === 'error') {
    const text = `${message.name}: ${message.message} (${message.debug ?? ''})`.replaceAll(/\s+/g, ' ')
    return { is: 'failed', reason: reason(explain(`${message.message} ${message.debug}`), text.slice(0, 2_000)) }
  }
  if (message.type === 'eos') return { is: 'ended' }
  if (message.type === 'segment-done') return { is: 'looped' }
  return null
}
