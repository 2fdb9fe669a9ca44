import { useState } from 'preact/hooks'
import type { RoomDetail } from '../../../../wire/console.ts'
import { ask } from '../../ask.ts'
import { tell } from '../../load.ts'
import { SureButton } from '../../parts/sure-button.tsx'
import { may, notice, words } from '../../state.ts'

/** What the device has, what it should have, and a place to say so. */
export const ConfigPart = ({ detail, done }: { detail: RoomDetail; done: () => unknown }) => {
  const { row, reported, wanted } = detail
  const { room } = words.value
  const [text, setText] = useState(() => JSON.stringify(wanted?.cfg ?? reported?.cfg ?? {}, null, 2))
  const want = async () => {
    let cfg: unknown
    try {
      cfg = JSON.parse(text)
    } catch (fault) {
      notice.value = String(fault)
      return
    }
    await ask('config', { court: row.court, device: row.device }, { cfg }).then(done, tell)
  }
  return (
    <>
      <p>
        {room.inForce(reported?.rev ?? 0)}
        {reported && reported.applied !== 'local' ? ` · ${room.applied[reported.applied]}` : ''}
        {reported?.why ? ` · ${reported.why}` : ''}
      </p>
      {wanted && wanted.rev !== reported?.rev ? <p class="faint">{room.wanted(wanted.rev, wanted.by)}</p> : null}
      {may.value.operate ? (
        <>
          <label>
            <span class="faint">{room.configHelp}</span>
            <textarea
              rows={6}
              value={text}
              spellcheck={false}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </label>
          <SureButton text={room.want} does={want} />
        </>
      ) : (
        <pre>{text}</pre>
      )}
    </>
  )
}
