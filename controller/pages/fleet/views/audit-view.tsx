import { useEffect, useState } from 'preact/hooks'
import type { AuditRow } from '../../../wire/console.ts'
import { ask } from '../ask.ts'
import { tell } from '../load.ts'
import { Moment } from '../parts/moment.tsx'
import { words } from '../state.ts'

/** Who changed what. */
export const AuditView = () => {
  const [rows, setRows] = useState<AuditRow[]>([])
  const { audit, audited } = words.value
  useEffect(() => void ask('audit').then(setRows, tell), [])
  return (
    <section class="card wide" aria-label={words.value.views.audit}>
      <table>
        <thead>
          <tr>
            <th>{audit.at}</th>
            <th>{audit.by}</th>
            <th>{audit.what}</th>
            <th>{audit.about}</th>
            <th>{audit.from}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={`${row.at}-${rows.length - i}`}>
              <td>
                <Moment utc={row.at} />
              </td>
              <td>{row.by}</td>
              <td>{audited[row.what as keyof typeof audited] ?? row.what}</td>
              <td class="faint">
                <code>{row.about}</code>
              </td>
              <td class="faint">{row.from}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
