import { useState } from 'preact/hooks'
import { faultText, logIn } from '../load.ts'
import { words } from '../state.ts'

/** Before anything is shown. */
export const LoginView = () => {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState('')
  const { login } = words.value
  return (
    <form
      class="card login form"
      onSubmit={(event) => {
        event.preventDefault()
        logIn(name, password).catch((thrown: unknown) => setFault(faultText(thrown)))
      }}
    >
      <h2>{login.title}</h2>
      <label>
        {login.name}
        <input
          name="name"
          required
          autoComplete="username"
          ref={(input) => {
            if (!name) input?.focus()
          }}
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <label>
        {login.password}
        <input
          name="password"
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
        />
      </label>
      <button type="submit" class="first">
        {login.enter}
      </button>
      <p role="alert" class="bad-text">
        {fault}
      </p>
    </form>
  )
}
