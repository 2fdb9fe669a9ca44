/** The few words of upsd's protocol that are needed (RFC 9271, "Network UPS Tools"). Pure. */
import { VerbatimError } from '../../base/error.ts'
import type { UpsReading } from '../../core/event.ts'

const VARIABLES = ['ups.status', 'battery.charge', 'battery.runtime'] as const
export const ANSWERS = VARIABLES.length

/** One question a variable; upsd answers with a line each, in order. */
export const questions = (ups: string): string => VARIABLES.map((variable) => `GET VAR ${ups} ${variable}\n`).join('')

/** `VAR NAME VARIABLE "VALUE"`, with a backslash before quotes and backslashes (RFC 9271, section 4.2). */
const VAR = /^VAR (\S+) (\S+) "((?:[^"\\]|\\.)*)"$/

const invalid = (line: string): VerbatimError =>
  new VerbatimError('ANSWER_INVALID', `upsd answers ${JSON.stringify(line.slice(0, 100))}`)

/** What a line says of a variable; null when this UPS has none of it. */
const valueIn = (line: string, ups: string, variable: string): string | null => {
  if (line.startsWith('ERR ')) {
    if (line === 'ERR VAR-NOT-SUPPORTED' && variable !== 'ups.status') return null
    throw new VerbatimError('UPS_REFUSED', `upsd says ${line.slice(4, 100)} of "${ups}"`)
  }
  const [, name, about, value] = VAR.exec(line) ?? []
  if (name !== ups || about !== variable || value === undefined) throw invalid(line)
  return value.replaceAll(/\\(.)/g, '$1')
}

const numberIn = (text: string | null): number | null => {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value : null
}

/** The three answers. Throws UPS_REFUSED when upsd knows no such UPS or hears nothing from it, ANSWER_INVALID otherwise. */
export const readingIn = (lines: readonly string[], ups: string): UpsReading => {
  const [status, charge, runtime] = VARIABLES.map((variable, i) => valueIn(lines[i] ?? '', ups, variable))
  const words = new Set((status ?? '').split(/\s+/))
  // Set by whoever shuts the other machines down: the power goes in a moment (FSD).
  const isForced = words.has('FSD')
  if (!words.has('OL') && !words.has('OB') && !isForced)
    throw new VerbatimError('UPS_REFUSED', `"${ups}" says neither that it is on line nor on battery: ${status}`)
  const seconds = numberIn(runtime ?? null)
  return {
    isOnBattery: words.has('OB') || isForced,
    isLow: words.has('LB') || isForced,
    isWorn: words.has('RB'),
    chargePercent: numberIn(charge ?? null),
    runtimeMs: seconds === null ? null : seconds * 1_000,
  }
}
