/** Settings that change while the recorder runs: names and turns, and nothing of what is recorded. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { statusOf } from '../../controller/core/status.ts'
import { PLAN, type Room, readyRoom, recordingRoom, WHY } from './room.ts'

const PAST_MIDNIGHT_MS = 2 * 3_600_000

const change = (room: Room, plan: Partial<typeof PLAN>) =>
  room.forget().tell({ is: 'settings-changed', plan: { ...PLAN, ...plan }, sha256: 'new', reason: WHY })

test('names are new at once, in an open hearing too, and its journal tells which configuration is in force', () => {
  const room = recordingRoom()
  const before = room.state
  const tracks = PLAN.tracks.map((track) => ({ ...track, label: `new ${track.name}` }))
  change(room, { room: 'Courtroom 9', tracks })
  const status = statusOf(room.state, room.atMs, {})
  assert.is(status.room, 'Courtroom 9')
  assert.equal(
    status.tracks.map(({ label }) => label),
    ['new judge', 'new bench', 'new witness'],
  )
  assert.equal(
    room.commands.map((one) => one.do === 'journal' && one.body),
    [{ kind: 'configuration', sha256: 'new' }],
  )
  assert.equal(room.state.hearing, before.hearing)
  assert.is(room.lamp, 'steady')
})

test('rules of the hearing, sources and stores are not taken', () => {
  const room = readyRoom()
  change(room, { expectedHours: 9, stopNeedsLongPress: false, stores: ['other'], sources: [], tracks: [] })
  assert.equal(room.state.plan, PLAN)
  assert.equal(room.commands, [], 'without a hearing there is no journal')
})

test('the next self-test comes at the new time of day; one that is due is not put off', () => {
  const room = readyRoom()
  const due = room.state.trial.dueUtcMs!
  change(room, { trialDailyMs: PAST_MIDNIGHT_MS })
  assert.is(room.state.trial.dueUtcMs, due + PAST_MIDNIGHT_MS - PLAN.trialDailyMs)
  room.state = { ...room.state, trial: { ...room.state.trial, dueUtcMs: room.utcMs } }
  const isDue = room.state.trial.dueUtcMs
  change(room, {})
  assert.is(room.state.trial.dueUtcMs, isDue)
})

test.run()
