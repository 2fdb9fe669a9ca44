/**
 * From smartctl's JSON to what a disk says about itself. ATA, NVMe and SCSI each say it otherwise, and no two makers
 * agree: every field may be missing, and a field of an unknown shape counts as missing, not as a fault.
 */
import { z } from 'zod'
import type { DiskFacts, UnreadCode } from '../../core/disk-facts.ts'

export type SmartReading =
  | { facts: DiskFacts; unread: null }
  | { facts: null; unread: { code: UnreadCode; detail: string } }

const number = z.number().nullish().catch(null)
const text = z.string().nullish().catch(null)
const object = <S extends z.ZodRawShape>(shape: S) => z.object(shape).nullish().catch(null)

const Attribute = z.object({
  id: z.int(),
  name: z.string().catch(''),
  value: number,
  when_failed: text,
  raw: object({ value: number, string: text }),
})
type Attribute = z.output<typeof Attribute>

const Smartctl = z.object({
  smartctl: z.object({
    exit_status: z.int().catch(0),
    messages: z
      .array(z.object({ string: z.string() }))
      .nullish()
      .catch(null),
  }),
  model_name: text,
  scsi_model_name: text,
  serial_number: text,
  rotation_rate: number,
  device: object({ protocol: text }),
  smart_support: object({ available: z.boolean().nullish().catch(null) }),
  smart_status: object({ passed: z.boolean().nullish().catch(null) }),
  temperature: object({ current: number }),
  power_on_time: object({ hours: number }),
  endurance_used: object({ current_percent: number }),
  ata_smart_attributes: object({ table: z.array(Attribute.nullable().catch(null)).catch([]) }),
  nvme_smart_health_information_log: object({
    critical_warning: number,
    available_spare: number,
    available_spare_threshold: number,
    percentage_used: number,
    media_errors: number,
    power_on_hours: number,
    temperature: number,
  }),
  scsi_grown_defect_list: number,
  scsi_percentage_used_endurance_indicator: number,
  scsi_error_counter_log: object({
    read: object({ total_uncorrected_errors: number }),
    write: object({ total_uncorrected_errors: number }),
    verify: object({ total_uncorrected_errors: number }),
  }),
})
type Smartctl = z.output<typeof Smartctl>

/** Numbers of ATA attributes that makers agree on. */
const ATA = { reallocated: 5, hours: 9, temperature: 194, pending: 197, uncorrectable: 198, reported: 187, cable: 199 }

/** Attributes whose value counts down from 100 as a disk wears, as drivedb.h of smartmontools names them. */
const WEAR = /Wear_Leveling|Media_Wearout|SSD_Life_Left|Percent_Life|Lifetime_Remain|Remain\w*_Life/i

/** Bit 1 of NVMe's critical warning tells of heat, which is no fault of the disk (NVMe Base 1.4, figure 194). */
const HEAT = 0b10

/** What smartctl prints as the number; its raw value may hold more numbers in its upper bytes. */
const rawOf = ({ raw }: Attribute): number | null => {
  const printed = Number.parseInt(raw?.string ?? '', 10)
  return Number.isNaN(printed) ? (raw?.value ?? null) : printed
}

const sum = (values: (number | null | undefined)[]): number | null => {
  const known = values.filter((value) => value != null)
  return known.length ? known.reduce((a, b) => a + b, 0) : null
}

const wearOf = (attributes: Attribute[]): number | null => {
  const value = attributes.find(({ name }) => WEAR.test(name))?.value
  return value == null || value < 0 || value > 100 ? null : 100 - value
}

const ataFacts = ({ ata_smart_attributes }: Smartctl): Partial<DiskFacts> => {
  const attributes = ata_smart_attributes?.table.filter((one) => one !== null) ?? []
  const raw = (id: number): number | null => {
    const one = attributes.find((attribute) => attribute.id === id)
    return one ? rawOf(one) : null
  }
  return {
    reallocated: raw(ATA.reallocated),
    pending: raw(ATA.pending),
    uncorrected: sum([raw(ATA.uncorrectable), raw(ATA.reported)]),
    cableErrors: raw(ATA.cable),
    temperatureC: raw(ATA.temperature),
    wornPercent: wearOf(attributes),
    failingNow: attributes.flatMap(({ name, when_failed }) => (when_failed === 'now' ? [name] : [])),
  }
}

const nvmeFacts = ({ nvme_smart_health_information_log: log }: Smartctl): Partial<DiskFacts> => ({
  // Its own verdict is "no warning", of heat neither; with the warnings at hand heat can be left aside.
  ...(log?.critical_warning == null ? {} : { passed: (log.critical_warning & ~HEAT) === 0 }),
  temperatureC: log?.temperature ?? null,
  hours: log?.power_on_hours ?? null,
  wornPercent: log?.percentage_used ?? null,
  uncorrected: log?.media_errors ?? null,
  // Firmware that tells no spare says 0 with a limit of 0; a real limit is above 0.
  ...(log?.available_spare_threshold
    ? { sparePercent: log.available_spare ?? null, spareLimitPercent: log.available_spare_threshold }
    : {}),
})

const scsiFacts = (said: Smartctl): Partial<DiskFacts> => {
  const log = said.scsi_error_counter_log
  return {
    reallocated: said.scsi_grown_defect_list ?? null,
    uncorrected: sum([log?.read, log?.write, log?.verify].map((one) => one?.total_uncorrected_errors)),
    wornPercent: said.scsi_percentage_used_endurance_indicator ?? null,
  }
}

const kindOf = ({ nvme_smart_health_information_log: nvme, device, rotation_rate }: Smartctl): DiskFacts['kind'] => {
  if (nvme || device?.protocol === 'NVMe') return 'nvme'
  if (rotation_rate == null) return 'unknown'
  return rotation_rate === 0 ? 'ssd' : 'hdd'
}

const factsOf = (said: Smartctl): DiskFacts => {
  const own = said.nvme_smart_health_information_log
    ? nvmeFacts(said)
    : said.ata_smart_attributes
      ? ataFacts(said)
      : scsiFacts(said)
  return {
    model: said.model_name ?? said.scsi_model_name ?? '',
    serial: said.serial_number ?? '',
    kind: kindOf(said),
    reallocated: null,
    pending: null,
    uncorrected: null,
    sparePercent: null,
    spareLimitPercent: null,
    cableErrors: null,
    failingNow: [],
    ...own,
    passed: own.passed ?? said.smart_status?.passed ?? null,
    temperatureC: said.temperature?.current ?? own.temperatureC ?? null,
    hours: said.power_on_time?.hours ?? own.hours ?? null,
    wornPercent: said.endurance_used?.current_percent ?? own.wornPercent ?? null,
  }
}

/** Bits of the exit status that tell of the call, not of the disk (smartctl(8)): wrong words, not opened. */
const NOT_ASKED = 0b11

/** How the sentences of smartctl begin, or what they hold, when it could not ask. */
const SENTENCES: readonly [RegExp, UnreadCode][] = [
  [/permission denied|operation not permitted/i, 'NO_PERMISSION'],
  [/no such (device|file)|no medium/i, 'DEVICE_GONE'],
  [
    /unable to detect device type|unknown usb bridge|unsupported usb|specify device type|lacks smart|not supported/i,
    'UNSUPPORTED',
  ],
]

const unread = (code: UnreadCode, detail: string): SmartReading => ({ facts: null, unread: { code, detail } })

const tellsSomething = (said: Smartctl): boolean =>
  said.smart_status?.passed != null ||
  said.nvme_smart_health_information_log != null ||
  (said.ata_smart_attributes?.table.length ?? 0) > 0 ||
  said.scsi_grown_defect_list != null

/** What `text`, printed by `smartctl --json -a`, says of the disk. Never throws. */
export const readSmart = (text: string): SmartReading => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return unread('RUBBISH', `no JSON: ${JSON.stringify(text.slice(0, 100))}`)
  }
  const parsed = Smartctl.safeParse(json)
  if (!parsed.success) return unread('RUBBISH', `not from smartctl: ${JSON.stringify(text.slice(0, 100))}`)
  const said = parsed.data
  if (tellsSomething(said)) return { facts: factsOf(said), unread: null }
  const words = (said.smartctl.messages ?? []).map(({ string }) => string).join('; ')
  const known = SENTENCES.find(([pattern]) => pattern.test(words))
  if (known) return unread(known[1], words)
  if (said.smart_support?.available === false) return unread('UNSUPPORTED', words || 'SMART is not available')
  if (said.smartctl.exit_status & NOT_ASKED) return unread('RUBBISH', words || `exit ${said.smartctl.exit_status}`)
  return unread('UNSUPPORTED', words || 'nothing was said about its health')
}
