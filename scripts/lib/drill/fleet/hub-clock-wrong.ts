/** The clock of the hub is wrong by an hour and by ten years, from its start and by a jump, and is set right while it runs. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AlarmRow } from '../../../../controller/wire/console.ts'
import { WholeFleet } from '../../fleet/whole-fleet.ts'
import { WrongClock } from '../../fleet/wrong-clock.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { eventFindings } from './event-findings.ts'
import { allOnlineAfter, secondsText } from './presence-watch.ts'

/** Few are enough: it is about the clock. */
const MOST_DEVICES = 100
const ALARMS = 10
const HOUR_S = 3_600
const YEARS_S = 10 * 365 * 86_400
const STARTED_WRONG: readonly [offSeconds: number, name: string][] = [
  [HOUR_S, 'an hour ahead'],
  [-HOUR_S, 'an hour behind'],
  [YEARS_S, 'ten years ahead'],
  [-YEARS_S, 'ten years behind'],
]
const STAYS_WRONG_MS = 20_000
/** Certificates are looked at each minute, and devices that were turned away come within a minute. */
const RIGHT_WITHIN_MS = 4 * 60_000
/** Each device says its time once a minute. */
const TOLD_WITHIN_MS = 150_000
const CLOCK_FAULT = 'the clock of the hub'

const faultsOf = async (fleet: WholeFleet): Promise<string[]> =>
  (JSON.parse((await fleet.console.fetch('GET', '/healthz')).text) as { faults: string[] }).faults

const clockFault = async (fleet: WholeFleet, withinMs: number): Promise<string> => {
  for (const begun = performance.now(); performance.now() - begun < withinMs; await delay(1_000)) {
    const fault = (await faultsOf(fleet)).find((one) => one.includes(CLOCK_FAULT))
    if (fault) return fault
  }
  return ''
}

const blamedDevices = async (fleet: WholeFleet): Promise<number> => {
  const alarms = await fleet.console.ask<AlarmRow[]>('alarms')
  return alarms.filter(({ hub, alarm }) => hub && alarm.code === 'CLOCK_OFF').length
}

const startWrong = async (fleet: WholeFleet, clock: WrongClock, offSeconds: number, name: string): Promise<Finding> => {
  const what = `started ${name}, then set right while it runs: all shown online`
  await fleet.hub.kill()
  clock.set(offSeconds)
  await fleet.hub.start()
  await fleet.look()
  await delay(STAYS_WRONG_MS)
  const meanwhile = fleet.devices.connected
  clock.set(0)
  await fleet.look()
  const right = await allOnlineAfter(fleet, RIGHT_WITHIN_MS)
  const seen = `after ${secondsText(right)}; ${meanwhile} connected while it was wrong`
  return { what, wanted: 'all', seen, isWell: Number.isFinite(right) }
}

const run = async ({ root, home, devices, say, atEnd }: DrillPlace): Promise<Finding[]> => {
  const clock = new WrongClock(home)
  const count = Math.min(devices, MOST_DEVICES)
  const fleet = await WholeFleet.start({
    ...{ root, dir: home, devices: count, broker: 'embedded', say, atEnd, under: clock.under },
  })
  await fleet.startDevices({ processes: 2, connectsPerSecond: 100 })
  if (!Number.isFinite(await allOnlineAfter(fleet, RIGHT_WITHIN_MS))) throw new Error('not all devices have connected')
  fleet.devices.raise(ALARMS)
  const findings: Finding[] = []
  clock.set(HOUR_S)
  const told = await clockFault(fleet, TOLD_WITHIN_MS)
  findings.push({
    ...{ what: 'an hour ahead by a jump: the hub says whose clock is wrong', wanted: 'its own' },
    ...{ seen: told || 'nothing', isWell: told !== '' },
  })
  // Whoever was logged in is not any more: no log-in lasts that long.
  await fleet.look()
  const blamed = await blamedDevices(fleet)
  const areThere = fleet.areAllOnline
  findings.push({
    ...{ what: 'meanwhile: devices called wrong, all shown online', wanted: '0, yes' },
    ...{ seen: `${blamed}, ${areThere ? 'yes' : 'no'}`, isWell: blamed === 0 && areThere },
  })
  clock.set(0)
  for (const [offSeconds, name] of STARTED_WRONG) {
    findings.push(await startWrong(fleet, clock, offSeconds, name))
    say(`${name}: ${findings.at(-1)!.seen}`)
  }
  fleet.devices.rest()
  return [...(await eventFindings(fleet)), ...findings]
}

export const hubClockWrong: FleetDrill = {
  name: 'hub-clock-wrong',
  what: 'the clock of the hub is wrong by an hour and by ten years, from its start and by a jump, and is set right',
  run,
}
