import { join } from 'node:path'
import type { Logger } from '../base/log.ts'
import { Book } from '../ports/witness-book/book.ts'
import { WitnessDesk } from '../ports/witness-book/desk.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import type { Hub } from './hub.ts'
import type { HubHome } from './hub-home.ts'
import { FleetWitness } from './witness-desk.ts'

/** Makes the hub a witness of what its devices show over MQTT. @returns the desk, at which receipts can be asked for */
export const openWitness = (config: HubConfig, home: HubHome, hub: Hub, log: Logger): WitnessDesk => {
  const { witnessKey: key, register } = home
  const folder = join(config.home, 'witness')
  const book = new Book(join(folder, 'book'))
  const desk = new WitnessDesk({ book, key, log, conflicts: join(folder, 'conflicts.ndjson') })
  hub.witness = new FleetWitness({
    ...{ desk, log },
    evidenceKeyOf: (device) => register.find(device)?.evidenceKey ?? null,
    answer: (device, said) => hub.publish(device, 'receipt', said),
    contradicted: (device, detail) => hub.tell({ is: 'witness-contradicted', device, detail }),
  })
  return desk
}
