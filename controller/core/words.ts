/** How people call the things of the room, for the clerk's half of every reason. */
import { PANEL_NAMES } from '../wire/panel.ts'
import type { Plan } from './state.ts'

/** `Camera "Judge"`, `Microphones "Judge", "Witness"`. */
export const nameOfSource = (plan: Plan, source: string): string => {
  const tracks = plan.tracks.filter((track) => track.source === source)
  if (!tracks.length) return `Source "${source}"`
  const kind = tracks[0]!.media === 'video' ? 'Camera' : tracks.length > 1 ? 'Microphones' : 'Microphone'
  return `${kind} ${tracks.map((track) => `"${track.label}"`).join(', ')}`
}

/** `The front panel`. */
export const nameOfPanel = (plan: Plan, name: string): string => {
  const panel = plan.panels.find((one) => one.name === name)
  return panel ? PANEL_NAMES[panel.role] : `Panel "${name}"`
}

/** `Disk "main"`. */
export const nameOfStore = (store: string): string => `Disk "${store}"`

/** `Camera "Judge"` or `Microphone "Witness"`. */
export const nameOfTrack = (plan: Plan, name: string): string => {
  const track = plan.tracks.find((one) => one.name === name)
  return `${track?.media === 'video' ? 'Camera' : 'Microphone'} "${track?.label ?? name}"`
}
