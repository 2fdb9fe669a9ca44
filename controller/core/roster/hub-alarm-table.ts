/** What to do about each alarm that only the hub can raise, and whether it stands for a state or for something that happened. */
import type { HubAlarmCode } from '../../wire/console.ts'

interface HubAlarm {
  toDo: string
  /** It has happened: nothing makes it untrue, so it goes a day after somebody has acknowledged it. */
  happened?: true
  /** Its detail names a hearing, and so a case: whoever is logged in at the console sees it, nobody else does. */
  namesHearing?: true
}

export const HUB_ALARM_TABLE: Record<HubAlarmCode, HubAlarm> = {
  DEVICE_LOST: { toDo: 'Call the room: does its lamp say that it records? Then look at its network and its power.' },
  NOT_RECORDING: { toDo: 'Call the room: is the hearing being held? Then REC must be pressed.' },
  ROOM_SILENT: { toDo: 'Call the room: are the microphones switched on, and do they stand where people speak?' },
  CLOCK_OFF: { toDo: 'Look at the time server that the device follows, and whether the network lets it through.' },
  DISK_FULL_SOON: { toDo: 'Take old hearings over to the archive, or have larger disks put in.' },
  CERTIFICATE_EXPIRES: { toDo: 'The device renews it by itself while it is connected; if it is, look at its log.' },
  FIRMWARE_BEHIND: { toDo: 'Update the device outside the hours of hearings.' },
  EVENTS_MISSING: {
    toDo: 'Compare with the journals in the room. Nothing of a recording is missing by this.',
    happened: true,
  },
  WITNESS_CONTRADICTED: {
    toDo: 'Touch nothing in the room. Secure both disks, and have the journals verified with the receipts of this hub.',
    happened: true,
    namesHearing: true,
  },
  DEVICE_DOUBLED: {
    toDo: 'Find the second machine, perhaps a copied disk. Revoke the device and enrol it anew.',
    happened: true,
  },
}
