/** Times as people read them: local, with UTC for whoever points at them. */
import { signal } from '@preact/signals'
import { words } from './state.ts'

/** Moves once in five seconds, so that what is told as an age stays true. */
export const nowMs = signal(Date.now())
setInterval(() => {
  nowMs.value = Date.now()
}, 5_000)

export const agoText = (utc: string | null): string => {
  if (!utc) return words.value.presence.never
  const seconds = Math.max(0, Math.round((nowMs.value - Date.parse(utc)) / 1_000))
  const { ago } = words.value
  if (seconds < 10) return ago.now
  if (seconds < 100) return ago.seconds(seconds)
  if (seconds < 6_000) return ago.minutes(Math.round(seconds / 60))
  return seconds < 172_800 ? ago.hours(Math.round(seconds / 3_600)) : ago.days(Math.round(seconds / 86_400))
}

/** Date and time of day where the reader is. */
export const momentText = (utc: string): string =>
  new Date(utc).toLocaleString(words.value.locale, { dateStyle: 'short', timeStyle: 'medium' })
