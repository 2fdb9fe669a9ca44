/** Everything as Prometheus reads it. By hand: a registry of ten thousand labelled series costs more than all the rest. */
import { alarmRowOf } from '../core/roster/alarm.ts'
import type { Room, Roster } from '../core/roster/room.ts'

export interface HubFigures {
  messages: number
  malformed: number
  strangers: number
  eventsKept: number
  eventsMissing: number
  storeWorks: boolean
  linkWorks: boolean
  rssBytes: number
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ')
const labels = (room: Room): string =>
  `court="${escaped(room.court)}",device="${room.device}",room="${escaped(room.name)}"`

interface RoomFigure {
  name: string
  help: string
  /** Null: it is not known, and nothing is said. */
  of: (room: Room) => number | null
}

const ROOM_FIGURES: RoomFigure[] = [
  { name: 'verbatim_room_up', help: '1 while the room is online', of: ({ presence }) => Number(presence === 'online') },
  {
    name: 'verbatim_room_recording',
    help: '1 while a hearing is on the record',
    of: ({ hearing }) => (hearing === 'unknown' ? null : Number(hearing === 'recording')),
  },
  {
    name: 'verbatim_room_lamp_steady',
    help: '1 while everything required is confirmed on disk',
    of: ({ lamp }) => (lamp === 'unknown' ? null : Number(lamp === 'steady')),
  },
  { name: 'verbatim_room_scheduled', help: '1 while a hearing must be recorded', of: ({ isDue }) => Number(isDue) },
  { name: 'verbatim_room_hours_left', help: 'recording that fits on the disks', of: ({ hoursLeft }) => hoursLeft },
  { name: 'verbatim_room_alarms', help: 'alarms that are active', of: ({ alarms }) => alarms.size },
]

export const metricsText = (roster: Roster, hub: HubFigures): string => {
  const lines: string[] = []
  const single = (name: string, type: 'gauge' | 'counter', help: string, value: number) =>
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`)
  single('verbatim_hub_messages_total', 'counter', 'messages of devices', hub.messages)
  single('verbatim_hub_malformed_total', 'counter', 'messages that could not be read', hub.malformed)
  single('verbatim_hub_strangers_total', 'counter', 'messages of nobody enrolled', hub.strangers)
  single('verbatim_hub_events_kept_total', 'counter', 'events stored since the start', hub.eventsKept)
  single('verbatim_hub_events_missing_total', 'counter', 'events given up since the start', hub.eventsMissing)
  single('verbatim_hub_store_up', 'gauge', '1 while events can be stored', Number(hub.storeWorks))
  single('verbatim_hub_link_up', 'gauge', '1 while the hub is connected to its broker', Number(hub.linkWorks))
  single('verbatim_hub_resident_bytes', 'gauge', 'memory of the hub', hub.rssBytes)
  single('verbatim_rooms', 'gauge', 'rooms of the fleet', roster.rooms.size)
  const named = [...roster.rooms.values()].map((room) => ({ room, labels: labels(room) }))
  for (const { name, help, of } of ROOM_FIGURES) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`)
    for (const { room, labels } of named) {
      const value = of(room)
      if (value !== null) lines.push(`${name}{${labels}} ${value}`)
    }
  }
  lines.push('# HELP verbatim_alarm an alarm that is active', '# TYPE verbatim_alarm gauge')
  for (const { room, labels } of named)
    for (const held of room.alarms.values()) {
      const { id, hub, alarm } = alarmRowOf(room, held)
      lines.push(
        `verbatim_alarm{${labels},id="${escaped(id)}",severity="${alarm.severity}",by="${hub ? 'hub' : 'device'}"} 1`,
      )
    }
  return `${lines.join('\n')}\n`
}
