import { useEffect, useState } from 'preact/hooks'
import type { z } from 'zod'
import type { Role, UserRow } from '../../../wire/console.ts'
import { ask } from '../ask.ts'
import { tell } from '../load.ts'
import { Moment } from '../parts/moment.tsx'
import { SureButton } from '../parts/sure-button.tsx'
import { words } from '../state.ts'

/** Who may log in, and as what. */
export const UsersView = () => {
  const [rows, setRows] = useState<z.output<typeof UserRow>[]>([])
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const { people, login } = words.value
  const look = () => ask('users').then(setRows, tell)
  useEffect(() => void look(), [])
  return (
    <div class="columns">
      <section class="card">
        <h3>{words.value.views.users}</h3>
        <table>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <td>
                  <b>{row.name}</b>
                </td>
                <td>{people.roles[row.role]}</td>
                <td class="faint">
                  <Moment utc={row.since} />
                </td>
                <td>
                  <SureButton
                    text={people.remove}
                    whom={row.name}
                    does={() => ask('removeUser', { name: row.name }).then(look, tell)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="card">
        <h3>{people.add}</h3>
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault()
            ask('newUser', {}, { name, password, role }).then(() => {
              setName('')
              setPassword('')
              return look()
            }, tell)
          }}
        >
          <label>
            {login.name}
            <input name="name" required value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} />
          </label>
          <label>
            {login.password} <span class="faint">{people.tenCharacters}</span>
            <input
              name="password"
              type="password"
              required
              minLength={10}
              autoComplete="new-password"
              value={password}
              onInput={({ currentTarget }) => setPassword(currentTarget.value)}
            />
          </label>
          <label>
            {people.role}
            <select value={role} onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}>
              {(Object.keys(people.roles) as Role[]).map((one) => (
                <option key={one} value={one}>
                  {people.roles[one]}
                </option>
              ))}
            </select>
          </label>
          <p class="faint">{people.rolesHelp}</p>
          <button type="submit" class="first">
            {people.add}
          </button>
        </form>
      </section>
    </div>
  )
}
