/** The witness of the virtual courtroom. It stands for the court's hub, which is on another machine. */
import { join } from 'node:path'
import { pino } from 'pino'
import { type RunningWitness, startWitness } from '../../controller/ports/witness-book/witness-server.ts'

/** Its key, its book and `witness.log` lie in `home`. */
export const startVirtualWitness = (home: string): Promise<RunningWitness> => {
  const file = pino.destination({ dest: join(home, 'witness.log'), mkdir: true, sync: true })
  return startWitness({ home, port: 0, log: pino({ base: { program: 'witness' } }, file) })
}
