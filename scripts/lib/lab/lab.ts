/** What every check of the lab is given. */

import type { Machine } from '../../../hardware/lab/machine.ts'
import type { PanelOnMachine } from '../../../hardware/lab/panel-on-machine.ts'
import type { LabRecorder } from '../../../hardware/lab/recorder.ts'

export interface Lab {
  machine: Machine
  recorder: LabRecorder
  panel: PanelOnMachine
  /** Hearings that were held and are to be whole at the end, in their order. */
  hearings: string[]
  say: (line: string) => void
}

export interface Check {
  what: string
  /** Returns what was seen; throws when it was not what it should be. */
  see: (lab: Lab) => Promise<string>
  /** What failed before makes this one meaningless: then the rest is not tried. */
  needed?: true
}

export const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(otherwise)
}
