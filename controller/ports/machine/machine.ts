/** What the machine tells of itself: load, memory, heat, and how far its clock is off. What it does not tell is left out. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { cpus, loadavg, uptime } from 'node:os'
import type { Metrics } from '../../wire/fleet/metrics.ts'

type Numbers = Partial<Omit<Metrics, 'at'>>

const THERMAL = '/sys/class/thermal'
const CHRONY_MS = 2_000
const FIRMWARE = ['/sys/class/dmi/id/', '/sys/firmware/devicetree/base/'] as const

const round = (value: number): number => Math.round(value * 10) / 10

const text = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (read) => read.replaceAll('\0', '').trim(),
    () => '',
  )

/** Model and serial number, as the firmware tells them; empty where it tells none. */
export const machineName = async (): Promise<{ model: string; serial: string }> => {
  const [dmi, tree] = FIRMWARE
  const model = (await text(`${dmi}product_name`)) || (await text(`${tree}model`))
  const serial = (await text(`${dmi}product_serial`)) || (await text(`${tree}serial-number`))
  return { model: model.slice(0, 200), serial: serial.slice(0, 200) }
}

export class Machine {
  #cpu = cpuTimes()
  #hasChrony = true

  /** Since the last call, where it is a rate. Never rejects. */
  async numbers(): Promise<Numbers> {
    const memory = await text('/proc/meminfo')
    const kib = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(memory)?.[1])
    const usedPercent = round(100 * (1 - kib('MemAvailable') / kib('MemTotal')))
    const [temperature, offset] = [await hottest(), await this.#clockOffset()]
    return {
      ...this.#cpuPercent(),
      load_1m: Math.round(loadavg()[0]! * 100) / 100,
      ...(Number.isFinite(usedPercent) ? { memory_used_percent: usedPercent } : {}),
      ...(temperature === null ? {} : { temperature_celsius: temperature }),
      uptime_seconds: Math.round(uptime()),
      recorder_rss_bytes: process.memoryUsage.rss(),
      ...(offset === null ? {} : { clock_offset_ms: offset }),
    }
  }

  #cpuPercent(): Numbers {
    const [before, now] = [this.#cpu, cpuTimes()]
    this.#cpu = now
    const all = now.all - before.all
    return all > 0 ? { cpu_percent: round(100 * (1 - (now.idle - before.idle) / all)) } : {}
  }

  /** As chrony tells it: the fifth field is the offset of the system's clock, in seconds. */
  #clockOffset(): Promise<number | null> {
    if (!this.#hasChrony) return Promise.resolve(null)
    return new Promise((resolve) => {
      execFile('chronyc', ['-c', 'tracking'], { timeout: CHRONY_MS }, (fault, said) => {
        if (fault && 'code' in fault && (fault.code as unknown) === 'ENOENT') this.#hasChrony = false
        const fields = fault ? [] : said.trim().split(',')
        const offset = Number(fields[4])
        resolve(fields.length > 4 && Number.isFinite(offset) ? Math.round(offset * 1e6) / 1e3 : null)
      })
    })
  }
}

const cpuTimes = (): { all: number; idle: number } => {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
  return { all: sum(times.flatMap((one) => Object.values(one))), idle: sum(times.map(({ idle }) => idle)) }
}

const hottest = async (): Promise<number | null> => {
  const zones = (await readdir(THERMAL).catch(() => [])).filter((name) => name.startsWith('thermal_zone'))
  const read = await Promise.all(zones.map((zone) => text(`${THERMAL}/${zone}/temp`)))
  const degrees = read.flatMap((one) => (/^-?\d+$/.test(one) ? Number(one) / 1_000 : []))
  return degrees.length ? round(Math.max(...degrees)) : null
}
