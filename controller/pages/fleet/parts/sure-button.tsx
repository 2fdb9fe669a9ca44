import { useState } from 'preact/hooks'
import { words } from '../state.ts'

interface SureButtonProps {
  text: string
  /** Whom it concerns, where there is a button for each of many. */
  whom?: string
  does: () => unknown
  disabled?: boolean
}

/** Asks once more before it does what cannot be taken back. */
export const SureButton = ({ text, whom, does, disabled }: SureButtonProps) => {
  const [asks, setAsks] = useState(false)
  const { sure, yes, no } = words.value.room
  const whole = whom === undefined ? text : `${text} (${whom})`
  if (!asks)
    return (
      <button type="button" aria-label={whole} disabled={disabled ?? false} onClick={() => setAsks(true)}>
        {text}
      </button>
    )
  return (
    <fieldset class="sure" aria-label={sure(whole)}>
      {sure(whole)}{' '}
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
