import { parseArgs } from 'node:util'
import { FLEET_DRILLS } from './all.ts'
import type { FleetDrill } from './drill.ts'

export interface FleetDrillOptions {
  drills: readonly FleetDrill[]
  devices: number
}

const DEVICES = { least: 2, most: 50_000, usual: 1_000 }

/** The words after `fleet`; throws an Error with one sentence for a person. */
export const readFleetDrillOptions = (args: string[]): FleetDrillOptions => {
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true },
    options: { devices: { type: 'string', default: `${DEVICES.usual}` } },
  })
  const devices = Number(values.devices)
  const { least, most } = DEVICES
  if (!Number.isInteger(devices) || devices < least || devices > most)
    throw new Error(`--devices wants a whole number from ${least} to ${most}, not "${values.devices}"`)
  const named = positionals.map((word) => {
    const drill = FLEET_DRILLS.find(({ name }) => name === word)
    if (drill) return drill
    throw new Error(`there is no drill "${word}"; there are ${FLEET_DRILLS.map(({ name }) => name).join(', ')}`)
  })
  return { drills: named.length ? named : FLEET_DRILLS, devices }
}
