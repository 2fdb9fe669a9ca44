/** One camera or audio interface: the machine that keeps its worker alive (R6). What a hearing makes of it is in worker.ts. */
import { type Reason, reason } from '../base/reason.ts'
import type { Command } from './command.ts'
import type { EventOf } from './event.ts'
import type { Source } from './state.ts'

/** A worker that is not armed by then hangs in its driver or waits for a camera that is not there. */
export const ARM_MS = 15_000
/** Heartbeats come each second; three missed are a hang. */
export const HEARD_MS = 3_000
/** An orderly end takes this long at most. */
export const END_MS = 10_000
/** Alive this long, and earlier failures are forgiven. */
export const STEADY_MS = 60_000
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const

/** What a source is called, and the highest run number ever given to it. */
export interface SourceFacts {
  name: string
  called: string
  lastRun: number
}

/** `why` is set when the state became another one. */
export interface SourceStep {
  source: Source
  commands: Command[]
  why: Reason | null
}

export type SourceEvent = EventOf<
  'tick' | 'worker-connected' | 'worker-armed' | 'worker-heard' | 'worker-exited' | 'fragment-stored'
>

export const retryDelayMs = (attempt: number): number => RETRY_MS[attempt - 1] ?? RETRY_MS[RETRY_MS.length - 1]!

const stay = (source: Source): SourceStep => ({ source, commands: [], why: null })

/** The attempt that counts after a failure: the next one, or the first again after steady life. */
const attemptAfter = (source: Source, atMs: number): number => {
  if (source.is === 'live') return atMs - source.sinceMs >= STEADY_MS ? 1 : source.attempt
  return 'attempt' in source ? Math.max(1, source.attempt) : 1
}

const wait = (source: Source, atMs: number, why: Reason, commands: Command[] = []): SourceStep => {
  const attempt = attemptAfter(source, atMs)
  return {
    source: { is: 'waiting', run: source.run, attempt, retryAtMs: atMs + retryDelayMs(attempt), reason: why },
    commands,
    why,
  }
}

/** Kills a worker that no longer does its work, and waits before the next. */
export const failSource = (facts: SourceFacts, source: Source, atMs: number, engineer: string): SourceStep => {
  const why = reason(`${facts.called} stopped; it is being started again`, engineer)
  return wait(source, atMs, why, [{ do: 'kill-worker', source: facts.name, run: source.run, reason: why }])
}

/** Ends a source in order, because the recorder itself ends. */
export const endSource = (facts: SourceFacts, source: Source, atMs: number, why: Reason): SourceStep => {
  if (source.is === 'off' || source.is === 'ending') return stay(source)
  if (source.is === 'waiting') return { source: { is: 'off', run: source.run }, commands: [], why }
  const command: Command = { do: 'end-worker', source: facts.name, run: source.run, reason: why }
  return { source: { is: 'ending', run: source.run, sinceMs: atMs }, commands: [command], why }
}

const start = (facts: SourceFacts, last: Source & { is: 'waiting' }, atMs: number): SourceStep => {
  const run = Math.max(last.run, facts.lastRun) + 1
  const attempt = last.attempt + 1
  const why = reason(`${facts.called} is being started`, `run ${run}, attempt ${attempt}: ${last.reason.engineer}`)
  return {
    source: { is: 'starting', run, attempt, sinceMs: atMs, reason: last.attempt ? last.reason : null },
    commands: [{ do: 'start-worker', source: facts.name, run, reason: why }],
    why,
  }
}

const tick = (facts: SourceFacts, source: Source, atMs: number): SourceStep => {
  switch (source.is) {
    case 'off':
      return stay(source)
    case 'waiting':
      return atMs >= source.retryAtMs ? start(facts, source, atMs) : stay(source)
    case 'starting':
      if (atMs - source.sinceMs <= ARM_MS) return stay(source)
      return failSource(facts, source, atMs, `run ${source.run} was not armed within ${ARM_MS} ms`)
    case 'live':
      if (atMs - source.heardMs <= HEARD_MS) return stay(source)
      return failSource(facts, source, atMs, `run ${source.run} was not heard for ${HEARD_MS} ms`)
    case 'ending': {
      if (atMs - source.sinceMs <= END_MS) return stay(source)
      const why = reason(`${facts.called} had to be stopped by force`, `run ${source.run} did not end in ${END_MS} ms`)
      const kill: Command = { do: 'kill-worker', source: facts.name, run: source.run, reason: why }
      return { source: { is: 'off', run: source.run }, commands: [kill], why }
    }
  }
}

/** A worker's own last words, as part of a sentence. */
const causeOf = ({ clerk }: Reason): string => clerk.replace(/\.$/, '').replace(/^It /, 'it ')

const exited = (facts: SourceFacts, source: Source, event: EventOf<'worker-exited'>): SourceStep => {
  if (source.is === 'off' || source.is === 'waiting') return stay(source)
  if (source.is === 'ending') {
    const why = reason(`${facts.called} is switched off`, event.reason.engineer)
    return { source: { is: 'off', run: source.run }, commands: [], why }
  }
  const why = reason(
    `${facts.called} stopped: ${causeOf(event.reason)}; it is being started again`,
    event.reason.engineer,
  )
  return wait(source, event.atMs, why)
}

const armed = (facts: SourceFacts, source: Source, event: EventOf<'worker-armed'>): SourceStep => {
  if (source.is === 'live') return stay({ ...source, heardMs: event.atMs })
  if (source.is !== 'starting') return stay(source)
  const { run, attempt } = source
  const why = reason(`${facts.called} is ready`, `run ${run} armed after ${Math.round(event.atMs - source.sinceMs)} ms`)
  return { source: { is: 'live', run, attempt, sinceMs: event.atMs, heardMs: event.atMs }, commands: [], why }
}

/** What `event` makes of a source. Word from any other run than the present one is ignored. */
export const stepSource = (facts: SourceFacts, source: Source, event: SourceEvent): SourceStep => {
  if (event.is === 'tick') return tick(facts, source, event.atMs)
  if (event.run !== source.run) return stay(source)
  if (event.is === 'worker-exited') return exited(facts, source, event)
  if (event.is === 'worker-armed') return armed(facts, source, event)
  return source.is === 'live' ? stay({ ...source, heardMs: event.atMs }) : stay(source)
}
