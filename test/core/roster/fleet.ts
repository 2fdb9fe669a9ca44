/** A fleet on paper: what it is told, and what it wants done, in words. */
import type { RosterCommand } from '../../../controller/core/roster/command.ts'
import type { Remembered, RosterEvent } from '../../../controller/core/roster/event.ts'
import { judge } from '../../../controller/core/roster/judge.ts'
import { emptyRoster, type Room, type Roster } from '../../../controller/core/roster/room.ts'
import { roomRowOf } from '../../../controller/core/roster/room-row.ts'
import type { RoomRow } from '../../../controller/wire/console.ts'
import type { Alarm } from '../../../controller/wire/fleet/alarm.ts'
import type { Birth } from '../../../controller/wire/fleet/birth.ts'
import type { Presence } from '../../../controller/wire/fleet/presence.ts'
import type { RoomState } from '../../../controller/wire/fleet/room-state.ts'

export const DEVICE = 'vb-aaaaaaaaaaaaaaaa'
export const START_UTC = Date.parse('2026-11-24T09:00:00.000Z')
const utc = (ms: number) => new Date(ms).toISOString()

type Without<E> = E extends unknown ? Omit<E, 'atMs' | 'utcMs'> : never

export class Fleet {
  readonly roster: Roster = emptyRoster()
  atMs = 1_000
  utcMs = START_UTC
  commands: RosterCommand[] = []

  constructor(options: { graceMinutes?: number; remembered?: Remembered; device?: string } = {}) {
    const { graceMinutes = 3, remembered = null, device = DEVICE } = options
    this.tell({ is: 'hub-started', graceMinutes, escalateAfterMinutes: 15, certificateDays: 365 })
    this.tell({ is: 'link-changed', connected: true })
    this.tell({ is: 'room-added', court: 'almaty', device, room: 'Room 1', remembered })
    this.commands = []
  }

  tell(event: Without<RosterEvent>): RosterCommand[] {
    const commands = judge(this.roster, { ...event, atMs: this.atMs, utcMs: this.utcMs } as RosterEvent)
    this.commands.push(...commands)
    return commands
  }

  /** Both clocks go on, a tick each second. */
  wait(seconds: number): RosterCommand[] {
    const from = this.commands.length
    for (let i = 0; i < seconds; i++) {
      this.atMs += 1_000
      this.utcMs += 1_000
      this.tell({ is: 'tick' })
    }
    return this.commands.slice(from)
  }

  room(device = DEVICE): Room {
    return this.roster.rooms.get(device)!
  }
  row(device = DEVICE): RoomRow {
    return roomRowOf(this.roster, this.room(device), this.utcMs)
  }

  presence(state: Presence['state'], bd: number, more: { boot?: string; retained?: boolean; device?: string } = {}) {
    const { boot = 'boot-1', retained = false, device = DEVICE } = more
    const presence = { state, boot, bd, heartbeatSeconds: 60, at: utc(this.utcMs) }
    return this.tell({ is: 'presence-said', device, presence, retained })
  }

  state(more: Partial<RoomState> = {}, retained = false, device = DEVICE) {
    const state: RoomState = {
      ...{ at: utc(this.utcMs), hearing: 'idle', lamp: 'dark', recordedSince: null, verdict: 'good', alarms: [] },
      ...{ sources: {}, disks: {}, supply: 'mains', clockSynchronized: true, hoursLeft: 100, audible: null },
      ...{ selfTest: 'passed', selfTestedAt: null, configRev: 0 },
      ...more,
    }
    return this.tell({ is: 'state-said', device, state, retained })
  }

  birth(more: Partial<Birth>, device = DEVICE) {
    const birth: Birth = {
      ...{ at: utc(this.utcMs), court: 'Almaty', room: 'Room 1', model: 'm', serial: '', version: '1.0.0' },
      ...{ softwareSha256: '0'.repeat(64), node: '20', gstreamer: '1', slot: '', schema: 1, evidenceKey: null },
      ...{
        docketKey: 'age1x',
        certificateSha256: null,
        certificateExpires: null,
        cameras: 1,
        microphones: 1,
        disks: 2,
      },
      ...{ capabilities: [], metrics: [] },
      ...more,
    }
    return this.tell({ is: 'birth-said', device, birth, retained: false })
  }

  alarm(id: string, more: Partial<Alarm> | null = {}, device = DEVICE) {
    const alarm = more && {
      ...{
        code: id.split('.')[0]!,
        about: '',
        severity: 'degraded',
        area: 'disk',
        recording: false,
        since: utc(this.utcMs),
      },
      ...{ seq: 1, text: 'A disk', detail: 'EIO', toDo: 'Replace it.' },
      ...more,
    }
    return this.tell({ is: 'alarm-said', device, id, alarm: alarm as Alarm | null, retained: false })
  }

  /** On the docket of today, minutes from the start of the test. */
  docket(...hearings: [from: number, to: number, mustRecord?: boolean][]) {
    return this.tell({
      is: 'docket-given',
      device: DEVICE,
      day: '2026-11-24',
      hearings: hearings.map(([from, to, mustRecord = true]) => ({
        ...{ startsUtcMs: START_UTC + from * 60_000, endsUtcMs: START_UTC + to * 60_000, mustRecord },
        ...{ recorded: false, audible: false },
      })),
    })
  }
}

/** `keep-alarm:DEVICE_LOST tell-people:raised:DEVICE_LOST`; rows are left out. */
export const inWords = (commands: RosterCommand[]): string =>
  commands
    .flatMap((command) => {
      if (command.do === 'show-room') return []
      if (command.do === 'tell-people') return `${command.why}:${command.row.id}`
      return 'id' in command ? `${command.do}:${command.id}` : command.do
    })
    .join(' ')
