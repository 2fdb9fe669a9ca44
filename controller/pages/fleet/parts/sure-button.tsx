import { useState } from 'preact/hooks'
import { words } from '../state.ts'

/** Asks once more before it does what cannot be taken back. */
export const SureButton = ({ text, does, disabled }: { text: string; does: () => unknown; disabled?: boolean }) => {
  const [asks, setAsks] = useState(false)
  const { sure, yes, no } = words.value.room
  if (!asks)
    return (
      <button type="button" disabled={disabled ?? false} onClick={() => setAsks(true)}>
        {text}
      </button>
    )
  return (
    <fieldset class="sure" aria-label={sure(text)}>
      {sure(text)}{' '}
      <button
        type="button"
        class="grave"
        onClick={() => {
          setAsks(false)
          void does()
        }}
      >
        {yes}
      </button>{' '}
      <button type="button" ref={(button) => button?.focus()} onClick={() => setAsks(false)}>
        {no}
      </button>
    </fieldset>
  )
}
