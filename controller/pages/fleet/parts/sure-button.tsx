import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { words } from '../state.ts'

interface SureButtonProps {
  text: string
  /** Whom it concerns, where there is a button for each of many. */
  whom?: string
  does: () => unknown
  disabled?: boolean
  /** Tab goes past it: something else leads here. */
  isSkipped?: boolean
  focused?: () => void
}

/** Asks once more before it does what cannot be taken back. Whoever says no is where they were before. */
export const SureButton = ({ text, whom, does, disabled, isSkipped, focused }: SureButtonProps) => {
  const [asks, setAsks] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const isBack = useRef(false)
  useLayoutEffect(() => {
    if (!asks && isBack.current) button.current?.focus()
    isBack.current = asks
  }, [asks])
  const { sure, yes, no } = words.value.room
  const whole = whom === undefined ? text : `${text} (${whom})`
  if (!asks)
    return (
      <button
        type="button"
        ref={button}
        aria-label={whole}
        disabled={disabled ?? false}
        tabIndex={isSkipped ? -1 : 0}
        onFocus={focused}
        onClick={() => setAsks(true)}
      >
        {text}
      </button>
    )
  return (
    <fieldset
      class="sure"
      aria-label={sure(whole)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        setAsks(false)
      }}
    >
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
