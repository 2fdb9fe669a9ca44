import { useState } from 'preact/hooks'
import { ask } from '../ask.ts'
import { tell } from '../load.ts'
import { me, notice, words } from '../state.ts'

/** Who one is, and another password for oneself. */
export const OwnView = () => {
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [again, setAgain] = useState('')
  const [isDone, setIsDone] = useState(false)
  const { own, people } = words.value
  const fields = [
    ['password', own.present, password, setPassword, 'current-password', 1],
    ['newPassword', own.wanted, newPassword, setNewPassword, 'new-password', 10],
    ['again', own.again, again, setAgain, 'new-password', 10],
  ] as const
  const change = async () => {
    setIsDone(false)
    if (newPassword !== again) {
      notice.value = own.differ
      return
    }
    try {
      await ask('password', {}, { password, newPassword })
      for (const [, , , set] of fields) set('')
      setIsDone(true)
    } catch (fault) {
      tell(fault)
    }
  }
  return (
    <section class="card narrow">
      <h2>{me.value?.name}</h2>
      <p class="faint">{me.value ? people.roles[me.value.role] : ''}</p>
      <h3>{own.title}</h3>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void change()
        }}
      >
        <input type="hidden" autoComplete="username" value={me.value?.name ?? ''} />
        {fields.map(([name, label, value, set, autoComplete, minLength]) => (
          <label key={name}>
            {label} {name === 'newPassword' ? <span class="faint">{people.tenCharacters}</span> : null}
            <input
              {...{ name, value, autoComplete, minLength }}
              type="password"
              required
              onInput={({ currentTarget }) => set(currentTarget.value)}
            />
          </label>
        ))}
        <button type="submit" class="first">
          {own.change}
        </button>
        <p role="status" class="good-text">
          {isDone ? own.done : ''}
        </p>
      </form>
    </section>
  )
}
