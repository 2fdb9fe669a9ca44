/** How a room becomes one of the fleet, and leaves it. */
import { useEffect, useState } from 'preact/hooks'
import type { Enrolment } from '../../../wire/console.ts'
import { sendShipment, shipmentIn } from '../../../wire/shipment.ts'
import { ask } from '../ask.ts'
import { tell } from '../load.ts'
import { Moment } from '../parts/moment.tsx'
import { courts, words } from '../state.ts'
import { EnrolledDevices } from './enrolled-devices.tsx'

const LOOK_MS = 3_000

const Code = ({ done }: { done: () => unknown }) => {
  const [code, setCode] = useState('')
  const [court, setCourt] = useState('')
  const [courtName, setCourtName] = useState('')
  const [isDone, setIsDone] = useState(false)
  const { enrol } = words.value
  const known = courts.value.get(court)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        setIsDone(false)
        ask('enrol', {}, { code, court, courtName: known?.name ?? courtName }).then(() => {
          setCode('')
          setIsDone(true)
          done()
        }, tell)
      }}
    >
      <p class="faint">{enrol.help}</p>
      <label>
        {enrol.code}
        <input
          name="code"
          required
          minLength={12}
          maxLength={20}
          autoComplete="off"
          placeholder="XXXX-XXXX-XXXX"
          value={code}
          onInput={({ currentTarget }) => setCode(currentTarget.value.toUpperCase())}
        />
      </label>
      <label>
        {enrol.court}
        <input
          name="court"
          required
          pattern="[a-z0-9]+(-[a-z0-9]+)*"
          list="courts"
          value={court}
          onInput={({ currentTarget }) => setCourt(currentTarget.value)}
        />
      </label>
      <datalist id="courts">
        {[...courts.value.values()].map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
      {known ? (
        <p>{known.name}</p>
      ) : (
        <label>
          {enrol.courtName}
          <input
            name="courtName"
            value={courtName}
            onInput={({ currentTarget }) => setCourtName(currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class="first">
        {enrol.enter}
      </button>
      <p role="status">{isDone ? `✓ ${enrol.done}` : ''}</p>
    </form>
  )
}

const Batch = ({ done }: { done: () => unknown }) => {
  const [told, setTold] = useState('')
  const { enrol } = words.value
  const send = async (file: File | undefined) => {
    if (!file) return
    const batch = shipmentIn(await file.text())
    try {
      await sendShipment(batch, (rooms) => ask('enrolBatch', {}, { rooms }))
      setTold(enrol.batchDone(batch.length))
      done()
    } catch (fault) {
      tell(fault)
    }
  }
  return (
    <div class="form">
      <p class="faint">{enrol.batchHelp}</p>
      <label>
        {enrol.batchFile}{' '}
        <input type="file" accept=".csv,.txt" onChange={({ currentTarget }) => void send(currentTarget.files?.[0])} />
      </label>
      <p role="status">{told}</p>
    </div>
  )
}

export const EnrolmentView = () => {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null)
  const { enrol } = words.value
  const look = () => ask('enrolment').then(setEnrolment, tell)
  useEffect(() => {
    void look()
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <div class="columns">
      <section class="card">
        <h3>{enrol.title}</h3>
        <Code done={look} />
      </section>
      <section class="card">
        <h3>{enrol.waiting}</h3>
        {enrolment?.waiting.length ? (
          <ul class="plain">
            {enrolment.waiting.map(({ device, court, room, askedAt }) => (
              <li key={device}>
                <b>{room}</b> {court}{' '}
                <span class="faint">
                  <Moment utc={askedAt} />
                </span>
              </li>
            ))}
          </ul>
        ) : (
          <p class="faint">{enrol.noneWaiting}</p>
        )}
        <h3>{enrol.batch}</h3>
        <Batch done={look} />
        {enrolment?.expected ? <p>{enrol.expected(enrolment.expected)}</p> : null}
      </section>
      <section class="card wide">
        <h3>{enrol.devices}</h3>
        <EnrolledDevices
          devices={enrolment?.devices ?? []}
          revoke={({ court, device }) => ask('revoke', { court, device }).then(look, tell)}
        />
      </section>
    </div>
  )
}
