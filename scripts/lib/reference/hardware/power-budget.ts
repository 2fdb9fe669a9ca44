/** The sums of `hardware/power/README.md`, from the figures in `power.json`: none is typed twice, so they always add up. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { table } from '../table.ts'

const Positive = z.number().positive()

const Power = z.strictObject({
  loads: z.array(
    z.strictObject({
      what: z.string(),
      count: z.int().positive(),
      watts: Positive,
      part: z.enum(['recorder', 'cameras']),
    }),
  ),
  losses: z.array(
    z.strictObject({ what: z.string(), percent: Positive.max(100), only: z.enum(['lead', 'lithium']).optional() }),
  ),
  batteries: z.array(
    z.strictObject({
      what: z.string(),
      kind: z.enum(['lead', 'lithium']),
      volts: Positive,
      ampereHours: Positive,
      count: z.int().positive(),
    }),
  ),
  wanted: z.strictObject({ outageMinutes: Positive, closingMinutes: Positive }),
})
export type Power = z.output<typeof Power>
type Battery = Power['batteries'][number]

export const readPower = (): Power => Power.parse(JSON.parse(readFileSync('hardware/power/power.json', 'utf8')))

export const wattsOf = ({ loads }: Power, part?: 'recorder' | 'cameras'): number =>
  loads.filter((load) => !part || load.part === part).reduce((sum, { count, watts }) => sum + count * watts, 0)

const printedWattHours = ({ volts, ampereHours, count }: Battery): number => volts * ampereHours * count

/** What of the printed watt-hours arrives, from 0 to 1. */
export const shareOf = ({ losses }: Power, kind: Battery['kind']): number =>
  losses.filter(({ only }) => !only || only === kind).reduce((share, { percent }) => (share * percent) / 100, 1)

/** Rounded down: nobody is harmed by a minute more. */
export const minutesOf = (power: Power, battery: Battery, watts: number): number =>
  Math.floor(((printedWattHours(battery) * shareOf(power, battery.kind)) / watts) * 60)

const number = (value: number, digits = 1): string => `${Number(value.toFixed(digits))}`

export const loadTable = (power: Power): string =>
  table([
    ['what', 'number', 'watts each', 'watts'],
    ...power.loads.map(({ what, count, watts }) => [what, `${count}`, number(watts), number(count * watts)]),
    ['**Recorder and sound alone**', '', '', `**${number(wattsOf(power, 'recorder'))}**`],
    ['**Cameras and their switch**', '', '', `**${number(wattsOf(power, 'cameras'))}**`],
    ['**Everything**', '', '', `**${number(wattsOf(power))}**`],
  ])

export const lossTable = (power: Power): string => {
  const cell = (percent: number, only: string | undefined, kind: Battery['kind']) =>
    only && only !== kind ? '' : `${percent} %`
  const total = (kind: Battery['kind']) => `**${number(shareOf(power, kind) * 100)} %**`
  return table([
    ['of what is printed on the battery', 'lead', 'lithium'],
    ...power.losses.map(({ what, percent, only }) => [
      what,
      cell(percent, only, 'lead'),
      cell(percent, only, 'lithium'),
    ]),
    ['**multiplied: what one may count on**', total('lead'), total('lithium')],
  ])
}

export const batteryTable = (power: Power): string => {
  const all = wattsOf(power)
  const sound = wattsOf(power, 'recorder')
  return table([
    [
      'battery',
      'printed',
      'to count on',
      'everything',
      'without cameras',
      `outage of ${power.wanted.outageMinutes} min`,
    ],
    ...power.batteries.map((battery) => {
      const printed = printedWattHours(battery)
      const usable = printed * shareOf(power, battery.kind)
      const enough = minutesOf(power, battery, all) >= power.wanted.outageMinutes + power.wanted.closingMinutes
      return [
        battery.what,
        `${number(printed)} Wh`,
        `${number(usable)} Wh`,
        `${minutesOf(power, battery, all)} min`,
        `${minutesOf(power, battery, sound)} min`,
        enough ? 'yes' : 'no',
      ]
    }),
  ])
}

/** One line worked out, for whoever wants to do it for another room. */
export const workedExample = (power: Power): string => {
  const { outageMinutes, closingMinutes } = power.wanted
  const watts = wattsOf(power)
  const share = shareOf(power, 'lead')
  const minutes = outageMinutes + closingMinutes
  const hours = minutes / 60
  return [
    `    ${outageMinutes} min of outage + ${closingMinutes} min to close the hearing = ${minutes} min = ${number(hours, 2)} h`,
    `    ${number(watts)} W x ${number(hours, 2)} h = ${number(watts * hours)} Wh`,
    `    ${number(watts * hours)} Wh / ${number(share, 3)} (what lead gives) = ${number((watts * hours) / share, 0)} Wh printed on the battery`,
    `    ${number((watts * hours) / share, 0)} Wh / 12 V = ${number((watts * hours) / share / 12, 0)} Ah at 12 V`,
  ].join('\n')
}
