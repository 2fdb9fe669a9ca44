/** The line to the courtroom: what is new comes by itself, orders go in the order in which they were given. */
import type { PageEvents } from '../view.ts'

export interface Listeners {
  room: (view: PageEvents['room']) => void
  panels: (view: PageEvents['panels']) => void
  recorder: (view: PageEvents['recorder']) => void
  connection: (isThere: boolean) => void
}

const NAMES = ['room', 'panels', 'recorder'] as const

export const listen = (listeners: Listeners): void => {
  const source = new EventSource('/events')
  for (const name of NAMES)
    source.addEventListener(name, (event) => listeners[name](JSON.parse((event as MessageEvent<string>).data)))
  source.onopen = () => listeners.connection(true)
  source.onerror = () => {
    listeners.connection(false)
    // A browser gives up on an answer that was no stream; the courtroom may be back in a second.
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(() => listen(listeners), 1_000)
  }
}

let last: Promise<void> = Promise.resolve()

const post = async (path: string, order: object): Promise<void> => {
  // `keepalive`: a button is let go also by a page that is being closed.
  const answer = await fetch(path, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  if (answer.ok) return
  const { code, text } = (await answer.json()) as { code: string; text: string }
  throw new Error(`${text} [${code}]`)
}

/** One after the other: a release must not overtake its press. Rejects with the courtroom's words. */
export const order = (path: '/turn' | '/hold', what: object): Promise<void> => {
  const sent = last.then(() => post(path, what))
  last = sent.catch(() => {})
  return sent
}
