import { useState } from 'preact/hooks'
import { ask } from '../../ask.ts'
import { docketIn, NoHearing } from '../../docket-lines.ts'
import { tell } from '../../load.ts'
import { notice, words } from '../../state.ts'

/** Today's hearings of the room, typed line by line. */
export const DocketPart = ({ court, device, done }: { court: string; device: string; done: () => unknown }) => {
  const [text, setText] = useState('')
  const [isGiven, setIsGiven] = useState(false)
  const { room } = words.value
  const give = async () => {
    try {
      await ask('docket', { court, device }, { docket: docketIn(text, new Date()) })
      setIsGiven(true)
      setText('')
      done()
    } catch (fault) {
      if (fault instanceof NoHearing) notice.value = room.noHearing(fault.message)
      else tell(fault)
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
