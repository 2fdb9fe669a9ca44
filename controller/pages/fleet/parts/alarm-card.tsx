import { useState } from 'preact/hooks'
import type { AlarmOrder, AlarmRow } from '../../../wire/console.ts'
import { ask } from '../ask.ts'
import { tell } from '../load.ts'
import { courtName, language, may, words } from '../state.ts'
import { momentText } from '../time.ts'
import { alarmWords } from '../told-words.ts'
import { Badge } from './badge.tsx'
import { Moment } from './moment.tsx'

const judge = async ({ court, device, id }: AlarmRow, order: AlarmOrder): Promise<void> => {
  await ask('alarm', { court, device, id }, order).catch(tell)
}

const Judging = ({ row }: { row: AlarmRow }) => {
  const [note, setNote] = useState('')
  const [minutes, setMinutes] = useState(60)
  const { alarm } = words.value
  return (
    <form class="judging" onSubmit={(event) => event.preventDefault()}>
      <label>
        {alarm.note}{' '}
        <input value={note} maxLength={500} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
      </label>
      {row.acknowledged ? null : (
        <button type="button" class="first" onClick={() => judge(row, { do: 'acknowledge', note })}>
          {alarm.acknowledge}
        </button>
      )}
      {row.silencedUntil ? (
        <button type="button" onClick={() => judge(row, { do: 'unsilence' })}>
          {alarm.unsilence}
        </button>
      ) : (
        <>
          <label>
            {alarm.minutes}{' '}
            <input
              type="number"
              min={1}
              max={20_160}
              value={minutes}
              onInput={({ currentTarget }) => setMinutes(currentTarget.valueAsNumber || 60)}
            />
          </label>
          <button type="button" onClick={() => judge(row, { do: 'silence', minutes, note })}>
            {alarm.silence}
          </button>
        </>
      )}
    </form>
  )
}

/** One alarm: what is wrong, what to do, who sees to it. */
export const AlarmCard = ({ row, withRoom }: { row: AlarmRow; withRoom: boolean }) => {
  const { alarm: said, severity } = words.value
  const { alarm, acknowledged, silencedUntil, escalatedAt } = row
  const { text, toDo } = alarmWords(row, language.value)
  return (
    <li class={`alarm ${alarm.severity}${silencedUntil ? ' silenced' : ''}`} data-alarm={row.id}>
      <p class="alarm-head">
        <Badge tone={alarm.severity} text={severity[alarm.severity]} />{' '}
        {withRoom ? (
          <a href={`#/room/${row.court}/${row.device}`}>
            {courtName(row.court)} · {row.room}
          </a>
        ) : null}
        <span class="faint">
          <Moment utc={row.raisedAt} />
          {alarm.recording ? ` · ${said.duringHearing}` : ''}
        </span>
      </p>
      <p class="alarm-text">
        {text}
        {alarm.about ? ` (${alarm.about})` : ''}
      </p>
      {toDo ? (
        <p>
          <b>{said.toDo}:</b> {toDo}
        </p>
      ) : null}
      {acknowledged ? (
        <p class="good-text">
          ✓ {said.by(acknowledged.by, momentText(acknowledged.at))}
          {acknowledged.note ? ` — ${acknowledged.note}` : ''}
        </p>
      ) : null}
      {silencedUntil ? <p class="faint">{said.silentUntil(momentText(silencedUntil))}</p> : null}
      {escalatedAt && !acknowledged ? <p class="faint">{said.escalated}</p> : null}
      <details>
        <summary>{said.engineer}</summary>
        {text === alarm.text ? null : (
          <p lang="en" class="alarm-sent">
            {alarm.text}
          </p>
        )}
        <code>
          {alarm.code} {alarm.detail}
        </code>
      </details>
      {may.value.operate ? <Judging row={row} /> : null}
    </li>
  )
}
