import type { Courtroom } from '../../hardware/virtual/courtroom.ts'
import type { DemoFleet } from './fleet/demo-fleet.ts'
import type { StartOptions } from './start-options.ts'

/** What a person reads once the courtroom is ready. */
export const readyScreen = (
  courtroom: Courtroom,
  { store, mirror }: StartOptions,
  logFile: string,
  page: string,
  fleet: Pick<DemoFleet, 'web' | 'login'> | undefined,
): string => `
The courtroom is ready: ${Object.keys(courtroom.urls).length} cameras, ${courtroom.speech.channels.length} microphones. See and switch everything in it:

  ${page}
${fleet ? fleetLines(fleet) : ''}
In another terminal:

  scripts/verbatim press rec --case 2-1234     begin the hearing (REC)
  scripts/verbatim press off                   go off the record; REC goes on
  scripts/verbatim press mark                  mark this moment
  scripts/verbatim press stop                  end the hearing (STOP)
  scripts/verbatim status                      what is on disk, per track
  scripts/verbatim hearings                    the register
  scripts/verbatim check FOLDER                prove that a hearing is whole

  recordings    ${store}
  second copy   ${mirror}
  recorder log  ${logFile}
  cameras       ${Object.values(courtroom.urls).join('\n                ')}

Cameras and recordings open in any video player. Ctrl-C closes an open hearing and ends everything in order.
`

const fleetLines = ({ web, login }: Pick<DemoFleet, 'web' | 'login'>): string => `
It is one of the rooms that IT watches, beside simulated ones. Log in as ${login}:

  ${web}
`
