import { useState } from 'preact/hooks'
import { ask } from '../../ask.ts'
import { tell } from '../../load.ts'
import { words } from '../../state.ts'

const LINE = /^(\d{1,2}):(\d\d)\s+(\d{1,2}):(\d\d)\s+(.+)$/

/** Today at this local time, in UTC. */
const at = (hour: string, minute: string): string => {
  const day = new Date()
  day.setHours(Number(hour), Number(minute), 0, 0)
  return day.toISOString()
}

/** The lines as hearings of today; throws a SyntaxError with the first line that is none. */
const docketIn = (text: string) => ({
  day: new Date().toISOString().slice(0, 10),
  hearings: text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, fromHour, fromMinute, toHour, toMinute, name] = LINE.exec(line) ?? []
      if (!name) throw new SyntaxError(line)
      return { case: name, startsAt: at(fromHour!, fromMinute!), endsAt: at(toHour!, toMinute!) }
    }),
})

/** Today's hearings of the room, typed line by line. */
export const DocketPart = ({ court, device }: { court: string; device: string }) => {
  const [text, setText] = useState('')
  const [isGiven, setIsGiven] = useState(false)
  const { room } = words.value
  const give = async () => {
    try {
      await ask('docket', { court, device }, { docket: docketIn(text) })
      setIsGiven(true)
      setText('')
    } catch (fault) {
      tell(fault)
    }
  }
  return (
    <>
      <label>
        <span class="faint">{room.docketHelp}</span>
        <textarea
          rows={4}
          value={text}
          placeholder={room.docketSample}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value)
            setIsGiven(false)
          }}
        />
      </label>
      <button type="button" disabled={!text.trim()} onClick={give}>
        {room.giveDocket}
      </button>{' '}
      <span role="status">{isGiven ? room.docketGiven : ''}</span>
    </>
  )
}
