/** Every lamp, pattern and button of a panel in words. Documents and pages take them from here. */
import { PANEL_LONG_MS, type PanelButton, type PanelLamp, type PanelPattern } from '../wire/panel.ts'

/** As it stands on the panel. */
export const LAMP_LABELS: Readonly<Record<PanelLamp, string>> = {
  rec: 'REC',
  off: 'OFF RECORD',
  fault: 'FAULT',
  disk: 'DISK',
  net: 'NET',
}

export const BUTTON_LABELS: Readonly<Record<PanelButton, string>> = {
  rec: 'REC',
  off: 'OFF RECORD',
  stop: 'STOP',
  mark: 'MARK',
}

/** How the firmware makes each pattern. */
export const PATTERN_WORDS: Readonly<Record<PanelPattern, string>> = {
  steady: 'without a pause',
  blinking: 'once a second',
  flashing: '2.5 times a second',
  winking: 'two short flashes every two seconds',
}

export const BUTTON_MEANINGS: Readonly<Record<PanelButton, string>> = {
  rec: 'begins a hearing, or goes on the record again. While one is closed it waits, and begins the next.',
  off: 'goes off the record: nothing is written until REC.',
  stop: `ends the hearing when it is held for ${PANEL_LONG_MS / 1_000} s. A shorter one is refused and journalled: a STOP by mistake takes words from the record for good. \`hearing.stopNeedsLongPress\` sets it.`,
  mark: 'marks this moment.',
}

export interface LampMeaning {
  /** More than one when the panel shows them together by itself. */
  lamps: readonly PanelLamp[]
  /** Patterns are told apart by rhythm alone; `in-turn` is the panel's own. */
  show: PanelPattern | 'in-turn'
  means: string
  toDo: string
}

export const LAMP_MEANINGS: readonly LampMeaning[] = [
  {
    ...{ lamps: ['rec'], show: 'steady' },
    means: 'Recording: everything required reached a disk within the last two seconds.',
    toDo: 'Nothing.',
  },
  {
    ...{ lamps: ['rec'], show: 'blinking' },
    means: 'On the record, but not everything required is known to be on a disk.',
    toDo: 'Just after REC: wait two seconds. Otherwise tell the judge; see what FAULT and DISK say.',
  },
  {
    ...{ lamps: ['off'], show: 'steady' },
    means: 'Off the record: the hearing is open, and nothing is written.',
    toDo: 'REC when the hearing goes on.',
  },
  {
    ...{ lamps: ['off'], show: 'winking' },
    means: 'The hearing is being closed.',
    toDo: 'Wait. REC may be pressed already: the next hearing begins when this one is closed.',
  },
  {
    ...{ lamps: ['fault'], show: 'steady' },
    means: 'For three seconds: the last press was refused.',
    toDo: 'STOP must be held for a second. Otherwise look at the status, which says why, or press again.',
  },
  {
    ...{ lamps: ['fault'], show: 'blinking' },
    means: 'Something is not as it must be.',
    toDo: 'If REC blinks too, tell the judge. The status says what is wrong and what to do.',
  },
  {
    ...{ lamps: ['fault'], show: 'winking' },
    means: 'Something should be looked at; nothing is missing.',
    toDo: 'Go on. Look at the status after the hearing.',
  },
  {
    ...{ lamps: ['disk'], show: 'blinking' },
    means: 'A disk has failed, is late, or holds a damaged hearing; or there is no disk left.',
    toDo: 'While REC is lit, the other disk records. The status says which disk; have it replaced.',
  },
  {
    ...{ lamps: ['disk'], show: 'winking' },
    means: 'A disk should be looked at; nothing is missing.',
    toDo: 'Go on. Look at the status after the hearing.',
  },
  {
    ...{ lamps: ['net'], show: 'blinking' },
    means: 'Somebody beyond the room who must be reached cannot be. Recording does not need them.',
    toDo: 'Go on, and call support.',
  },
  {
    ...{ lamps: ['net'], show: 'winking' },
    means: 'Somebody beyond the room is not reached, such as the witness. Recording does not need them.',
    toDo: 'Go on. If it stays for a day, call support.',
  },
  {
    ...{ lamps: ['rec', 'fault'], show: 'in-turn' },
    means: 'NOT KNOWN TO BE RECORDING: the panel has not heard of the recorder for two seconds.',
    toDo: 'Interrupt the hearing, unless it ends within a minute. Presses are kept. Look at the power of the recorder.',
  },
]
