/** Which key is what. By the place of the key, not by its letter: a Russian or Kazakh layout changes nothing. */
import type { PanelButton } from '../../../../controller/wire/panel.ts'

export const BUTTON_KEYS: Readonly<Record<PanelButton, string>> = { rec: 'R', off: 'O', stop: 'S', mark: 'M' }

/** By the switch's id. */
export const SWITCH_KEYS: Readonly<Record<string, string>> = {
  'camera.judge-camera': '1',
  'camera.witness-camera': '2',
  'camera.prosecution-camera': '3',
  'camera.defence-camera': '4',
  'microphone.judge-mic': '5',
  'microphone.witness-mic': '6',
  'microphone.prosecution-mic': '7',
  'microphone.defence-mic': '8',
  'microphone.clerk-mic': '9',
  'microphone.interpreter-mic': '0',
  interface: 'A',
  'disk.1': 'D',
  'disk.2': 'F',
  'bay-fault.1': 'Z',
  'bay-fault.2': 'X',
  mains: 'P',
  battery: 'B',
  case: 'C',
  temperature: 'H',
  'panel.clerk': 'U',
  'panel.judge': 'J',
  recorder: 'K',
}

/** The key's name on the keyboard (`KeyR`, `Digit1`) as it stands on a button; null for every other key. */
export const letterOf = (code: string): string | null => /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1] ?? null
