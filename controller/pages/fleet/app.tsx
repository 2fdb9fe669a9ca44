/** The frame of the page: where one is, who one is, and the view that the address names. */
import { effect, signal } from '@preact/signals'
import { logOut } from './load.ts'
import { HubTrouble } from './parts/hub-trouble.tsx'
import {
  counts,
  hubFaults,
  isKnown,
  isLive,
  keep,
  language,
  may,
  me,
  notice,
  region,
  route,
  theme,
  words,
} from './state.ts'
import { AlarmsView } from './views/alarms-view.tsx'
import { AuditView } from './views/audit-view.tsx'
import { EnrolmentView } from './views/enrolment-view.tsx'
import { LoginView } from './views/login-view.tsx'
import { OwnView } from './views/own-view.tsx'
import { RoomView } from './views/room-view.tsx'
import { RoomsView } from './views/rooms-view.tsx'
import { UsersView } from './views/users-view.tsx'
import { LANGUAGES, type Language } from './words/words.ts'

type View = keyof typeof words.value.views
const VIEWS: readonly View[] = ['rooms', 'alarms', 'enrolment', 'audit', 'users']
const FOR_ADMINISTRATORS: readonly View[] = ['enrolment', 'audit', 'users']
const addressOf = (view: View): string => (view === 'rooms' ? '#/' : `#/${view}`)
const mayView = (view: View): boolean => may.value.administer || !FOR_ADMINISTRATORS.includes(view)

const showsKeys = signal(false)

effect(() => {
  document.documentElement.lang = language.value
  document.title = `${hubFaults.value.length ? '⚠ ' : ''}${counts.value.need ? `(${counts.value.need}) ` : ''}${words.value.title} — Verbatim`
  keep('language', language.value)
})
effect(() => {
  if (theme.value === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
  keep('theme', theme.value)
})

/** A letter in a field is a letter. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return
  if (event.key === 'Escape') {
    if (showsKeys.value) showsKeys.value = false
    else if (isTyping(event)) (event.target as HTMLElement).blur()
    else location.hash = '#/'
    return
  }
  if (isTyping(event)) return
  const view = VIEWS[Number(event.key) - 1]
  if (view && mayView(view)) location.hash = addressOf(view)
  else if (event.key === '?') showsKeys.value = !showsKeys.value
  else if (event.key === '/') {
    event.preventDefault()
    document.getElementById('search')?.focus()
  } else if (event.key === 'ArrowDown' && document.activeElement === document.body)
    document.querySelector<HTMLElement>('.long-list')?.focus()
})

const Choices = () => (
  <div class="choices">
    <label>
      <span class="unseen">{words.value.language}</span>
      <select
        id="language"
        value={language.value}
        onChange={({ currentTarget }) => {
          language.value = currentTarget.value as Language
        }}
      >
        {(Object.keys(LANGUAGES) as Language[]).map((one) => (
          <option key={one} value={one}>
            {LANGUAGES[one].name}
          </option>
        ))}
      </select>
    </label>
    <label>
      <span class="unseen">{words.value.theme}</span>
      <select
        id="theme"
        value={theme.value}
        onChange={({ currentTarget }) => {
          theme.value = currentTarget.value
        }}
      >
        {Object.entries(words.value.themes).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
    {me.value ? (
      <span class="me">
        <a class="me-name" href="#/me" aria-current={route.value[0] === 'me' ? 'page' : undefined}>
          {me.value.name}
        </a>
        <button type="button" onClick={() => void logOut()}>
          {words.value.login.leave}
        </button>
      </span>
    ) : null}
  </div>
)

const Keys = () => (
  <div class="keys card" role="dialog" aria-label={words.value.keys.title}>
    <h3>{words.value.keys.title}</h3>
    <dl class="facts">
      {words.value.keys.list.map(([key, does]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
    <button
      type="button"
      ref={(button) => button?.focus()}
      onClick={() => {
        showsKeys.value = false
      }}
    >
      {words.value.keys.close}
    </button>
  </div>
)

const Shown = () => {
  const [name = '', court = '', device = ''] = route.value
  if (name === 'room') return <RoomView key={device} court={court} device={device} />
  if (name === 'me') return <OwnView />
  if (name === 'alarms') return <AlarmsView />
  if (may.value.administer) {
    if (name === 'enrolment') return <EnrolmentView />
    if (name === 'audit') return <AuditView />
    if (name === 'users') return <UsersView />
  }
  return <RoomsView />
}

export const App = () => {
  const here = route.value[0] || 'rooms'
  return (
    <>
      <header>
        <h1>
          <span aria-hidden="true" class="mark">
            ●
          </span>{' '}
          {words.value.title} {region.value ? <span class="faint">· {region.value}</span> : null}
        </h1>
        {me.value ? (
          <nav aria-label={words.value.title}>
            {VIEWS.filter(mayView).map((view) => (
              <a key={view} href={addressOf(view)} aria-current={here === view ? 'page' : undefined}>
                {words.value.views[view]}
              </a>
            ))}
          </nav>
        ) : null}
        {me.value ? (
          <span class={`live ${isLive.value ? 'good-text' : 'bad-text'}`} role="status">
            {isLive.value ? `✓ ${words.value.live.yes}` : `✕ ${words.value.live.no}`}
          </span>
        ) : null}
        <Choices />
      </header>
      {me.value ? <HubTrouble /> : null}
      {notice.value ? (
        <p class="notice" role="alert">
          {notice.value}{' '}
          <button
            type="button"
            onClick={() => {
              notice.value = ''
            }}
          >
            {words.value.keys.close}
          </button>
        </p>
      ) : null}
      <main>{me.value ? <Shown /> : isKnown.value ? <LoginView /> : null}</main>
      {showsKeys.value ? <Keys /> : null}
    </>
  )
}
