/** What a worker's message means to the core; nothing for what only the link itself needs. */
import type { Event } from '../../core/event.ts'
import type { FromWorker } from '../../wire/capture.ts'

type Unstamped = Event extends infer E ? (E extends Event ? Omit<E, 'atMs' | 'utcMs'> : never) : never

export const eventsOf = (source: string, message: FromWorker): Unstamped[] => {
  const { run } = message
  switch (message.is) {
    case 'hello':
    case 'dying':
    case 'caught-up':
    case 'tried':
      return []
    case 'heartbeat':
      return [{ is: 'worker-heard', source, run }]
    case 'armed':
      return [{ is: 'worker-armed', source, run }]
    case 'started': {
      const { track, mediaMs, waitedMs, on } = message
      return [{ is: 'track-started', source, run, track, mediaMs, waitedMs, on }]
    }
    case 'fragment': {
      const { gapMs, ...fragment } = message.fragment
      return [{ is: 'fragment-stored', source, run, fragment, gapMs }]
    }
    case 'stored':
      return [{ is: 'fragment-mirrored', source, run, track: message.track, store: message.store, upto: message.upto }]
    case 'levels':
      return message.levels.map((level) => ({ is: 'level-measured', source, run, ...level }))
    case 'signal': {
      const { track, what, state, reason } = message
      return [{ is: 'signal-changed', source, run, track, what, state, reason }]
    }
    case 'store-late':
      return [{ is: 'store-late', source, run, store: message.store, waitingMs: message.waitingMs }]
    case 'store-failed': {
      const { store, code, reason } = message
      // The worker only did as it was told.
      return code === 'LEFT' ? [] : [{ is: 'store-left', source, run, store, code, reason }]
    }
    case 'store-joined':
      return [{ is: 'store-joined', source, run, store: message.store }]
    case 'closed':
      return [{ is: 'worker-closed', source, run, hearing: message.hearing, final: message.final }]
  }
}
