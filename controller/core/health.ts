/**
 * How the recorder is: one verdict, and why (R26). Status, lamps, pages and telemetry all read this view and none other,
 * so that they never contradict each other. A view: nothing is remembered here.
 */
import { type Area, type Health, type HealthReason, SEVERITIES, type Verdict } from '../wire/health.ts'
import type { State } from './state.ts'
import { type Trouble, troublesOf } from './trouble.ts'
import { TROUBLES } from './trouble-table.ts'

/** What the court does not require is never more than something to look at. */
const reasonOf = ({ code, about, why, required }: Trouble): HealthReason => {
  const { area, severity, toDo } = TROUBLES[code]
  return { code, severity: required ? severity : 'watch', area, about, clerk: why.clerk, engineer: why.engineer, toDo }
}

/** The gravest first; the troubles of one gravity keep their order: disks, sources, all else. */
export const healthOf = (state: State): Health => {
  const found = troublesOf(state).map(reasonOf)
  const reasons = SEVERITIES.toReversed().flatMap((grave) => found.filter(({ severity }) => severity === grave))
  return { verdict: verdictOn(reasons), reasons }
}

/** The gravest of these reasons; `good` when there is none. */
export const verdictOn = (reasons: readonly HealthReason[]): Verdict =>
  SEVERITIES.findLast((grave) => reasons.some(({ severity }) => severity === grave)) ?? 'good'

/** The verdict on one area alone, for a lamp of its own: `disk` for DISK, `network` for NET. */
export const verdictIn = (health: Health, area: Area): Verdict =>
  verdictOn(health.reasons.filter((reason) => reason.area === area))

/** Whether the REC lamp must not be steady: a required source, a disk or the clock is not as it should be (R20). */
export const isLampTroubled = (state: State): boolean =>
  troublesOf(state).some(({ code, required }) => required && TROUBLES[code].blinks)
