/** Front panels and lamps as such: found, lost, and what they say of themselves. What they show is panel-lamps.ts. */
import type { Command } from './command.ts'
import type { EventOf, Stamp } from './event.ts'
import type { Panel, State } from './state.ts'
import { put, type Step, stay } from './step.ts'
import { write } from './write.ts'

const panelOf = (event: EventOf<'panel-changed'>): Panel =>
  event.to === 'lost'
    ? { is: 'lost', sinceMs: event.atMs, reason: event.reason }
    : { is: 'found', sinceMs: event.atMs, stuck: event.stuck, lostPresses: event.lostPresses }

/** A panel was found or lost, or one that is there has news of itself. Recording does not depend on any (R6). */
export const panelChanged = (state: State, event: EventOf<'panel-changed'>): Step => {
  const { panel, to, reason } = event
  if (!state.panels[panel]) return stay(state)
  return {
    state: { ...state, panels: put(state.panels, panel, panelOf(event)) },
    commands: write(state, event, { kind: 'panel', panel, to, reason }, reason),
  }
}

/** The panels that are missing when a hearing begins. */
export const writePanels = (state: State, at: Stamp): Command[] =>
  Object.entries(state.panels).flatMap(([name, panel]) =>
    panel.is === 'lost'
      ? write(state, at, { kind: 'panel', panel: name, to: 'lost', reason: panel.reason }, panel.reason)
      : [],
  )
