/** The one place where it is judged what shall be done: the same state and event always give the same answer. */
import { workerAdopted } from './adopt.ts'
import { bayChanged } from './bay.ts'
import { boardSpoke, upsSpoke } from './board.ts'
import { clockRead } from './clock.ts'
import { diskExamined, diskProbed } from './disk.ts'
import { tellDisks } from './disk-journal.ts'
import type { Event } from './event.ts'
import { finishHearing, hearingFinished } from './finish.ts'
import { workerClosed } from './hearing.ts'
import { endsUnsigned } from './late-signing.ts'
import { levelMeasured } from './level.ts'
import { storeSpoke } from './mirror.ts'
import { panelChanged } from './panel.ts'
import { buttonPressed } from './press.ts'
import { endSalvage } from './salvage.ts'
import { scrubEnded, scrubRemembered, stopScrub } from './scrub.ts'
import { closedSealed, sealAsked } from './seal.ts'
import { selfTestAsked, selfTested, stopSelfTest } from './self-test.ts'
import { settingsChanged } from './settings.ts'
import { continueShutdown, exitWhenOver, shutdownAsked } from './shutdown.ts'
import { signalChanged } from './signal.ts'
import { journalSigned, signingFailed } from './signing.ts'
import { recorderStarted } from './start.ts'
import type { State } from './state.ts'
import { follow, type Step, stay } from './step.ts'
import { ticked } from './tick.ts'
import { fragmentMirrored, fragmentStored, fragmentsFound, trackStarted } from './track.ts'
import { workerConnected, workerSpoke } from './worker.ts'
import { flush } from './write.ts'

/** What has happened, and what shall be done about it. */
export const decide = (state: State, event: Event): Step => {
  const step = follow(
    route(state, event),
    (next) => tellDisks(state, next, event),
    (next) => finishHearing(next, event),
    (next) => stopScrub(next),
    (next) => stopSelfTest(next, event),
    (next) => continueShutdown(next, event),
    (next) => exitWhenOver(state, next, event),
  )
  return flush(step, event)
}

const route = (state: State, event: Event): Step => {
  switch (event.is) {
    case 'tick':
      return ticked(state, event)
    case 'button-pressed':
      return buttonPressed(state, event)
    case 'panel-changed':
      return panelChanged(state, event)
    case 'seal-asked':
      return sealAsked(state, event)
    case 'closed-sealed':
      return closedSealed(state, event)
    case 'shutdown-asked':
      return shutdownAsked(state, event)
    case 'recorder-started':
      return recorderStarted(state, event)
    case 'worker-adopted':
      return workerAdopted(state, event)
    case 'worker-connected':
      return workerConnected(state, event)
    case 'worker-armed':
    case 'worker-heard':
    case 'worker-exited':
      return workerSpoke(state, event)
    case 'fragment-stored':
      return follow(workerSpoke(state, event), (next) => fragmentStored(next, event))
    case 'track-started':
      return trackStarted(state, event)
    case 'fragment-mirrored':
      return fragmentMirrored(state, event)
    case 'level-measured':
      return levelMeasured(state, event)
    case 'signal-changed':
      return signalChanged(state, event)
    case 'worker-closed':
      return workerClosed(state, event)
    case 'store-left':
    case 'store-late':
    case 'journal-failed':
    case 'rebuild-ended':
      return storeSpoke(state, event)
    case 'store-probed':
      return follow(storeSpoke(state, event), (next) => diskProbed(next, event))
    case 'disk-examined':
      return diskExamined(state, event)
    case 'fragments-found':
      return fragmentsFound(state, event)
    case 'salvage-ended':
      return endSalvage(state, event, event.source)
    case 'hearing-finished':
      return hearingFinished(state, event)
    case 'journal-signed':
      return journalSigned(state, event)
    case 'signing-failed':
      return signingFailed(state, event)
    case 'ends-unsigned':
      return endsUnsigned(state, event)
    case 'self-test-asked':
      return selfTestAsked(state, event)
    case 'self-tested':
      return selfTested(state, event)
    case 'scrub-ended':
      return scrubEnded(state, event)
    case 'scrub-remembered':
      return scrubRemembered(state, event)
    case 'witness-heard':
      return stay({ ...state, witnessAway: event.away })
    case 'hub-heard':
      return stay({ ...state, hubAway: event.away })
    case 'settings-changed':
      return settingsChanged(state, event)
    case 'clock-read':
      return clockRead(state, event)
    case 'board-found':
    case 'board-lost':
      return boardSpoke(state, event)
    case 'line-changed':
      return follow(boardSpoke(state, event), (next) => bayChanged(next, event))
    case 'ups-heard':
    case 'ups-lost':
      return upsSpoke(state, event)
    case 'journal-stored':
      return stay({ ...state, journalStoredMs: event.atMs })
    // Good news about a store: it is counted by fragments and probes already.
    case 'store-joined':
      return stay(state)
  }
}
