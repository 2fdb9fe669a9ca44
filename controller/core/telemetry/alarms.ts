/** What is wrong now, as alarms: the reasons of the one verdict, each under its id. */
import { type Alarm, type AlarmId, alarmIdOf, MOST_ALARMS } from '../../wire/fleet/alarm.ts'
import { healthOf } from '../health.ts'
import type { State } from '../state.ts'
import { nameless } from './nameless.ts'

/** An alarm before it is known when it was raised, and by which event. */
export type AlarmNow = Omit<Alarm, 'since' | 'seq'>

export const isHearingOpen = ({ hearing }: Pick<State, 'hearing'>): boolean =>
  hearing.is === 'recording' || hearing.is === 'off-record' || hearing.is === 'closing'

/** The gravest `MOST_ALARMS`. */
export const alarmsNow = (state: State): Map<AlarmId, AlarmNow> => {
  const recording = isHearingOpen(state)
  const alarms = healthOf(state)
    .reasons.slice(0, MOST_ALARMS)
    .map((reason): [AlarmId, AlarmNow] => {
      const about = nameless(reason.about, state)
      const { code, severity, area } = reason
      const [text, detail, toDo] = [reason.clerk, reason.engineer, reason.toDo].map((one) => nameless(one, state))
      return [
        alarmIdOf({ code, about }),
        { ...{ code, about, severity, area, recording }, text: text!, detail: detail!, toDo: toDo! },
      ]
    })
  // Of two that have one id the graver stands.
  return new Map(alarms.toReversed())
}
