import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lampOf } from '../../controller/core/lamp.ts'
import { statusOf } from '../../controller/core/status.ts'
import { type Look, play, script } from './script.ts'

const RUNS = 200

const holds = (look: () => Look) =>
  fc.assert(
    fc.property(script, (one) => {
      play(one, look())
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )

test('any events: nothing throws, nothing is mutated, the state is JSON, and the same events give the same', () => {
  fc.assert(
    fc.property(script, (one) => {
      const first = play(one)
      assert.equal(JSON.parse(JSON.stringify(first)), first)
      assert.is(JSON.stringify(play(one)), JSON.stringify(first))
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
})

test('every command says why, to the clerk and to the engineer', () => {
  holds(() => (_before, _event, _after, commands) => {
    for (const one of commands) assert.ok(one.reason.clerk && one.reason.engineer, one.do)
  })
})

test('gates are opened only on the record, for the open hearing, by live workers with nothing to salvage', () => {
  holds(() => (_before, _event, after, commands) => {
    for (const one of commands) {
      if (one.do !== 'open-gate') continue
      if (after.hearing.is !== 'recording') throw new Error(`gate opened while ${after.hearing.is}`)
      assert.is(one.hearing, after.hearing.hearing.id)
      assert.is(after.sources[one.source]?.is, 'live')
      assert.not.ok(after.salvages[one.source])
      assert.ok(one.stores.length > 0)
    }
  })
})

test('off the record and after it no gate stays open', () => {
  holds(() => (_before, _event, after) => {
    if (after.hearing.is === 'recording' || after.recovery) return
    for (const gate of Object.values(after.gates)) assert.is(gate.is, 'shut')
  })
})

test('there are never two open hearings, and each is finished once', () => {
  holds(() => {
    const finished = new Set<string>()
    return (before, _event, _after, commands) => {
      for (const one of commands) {
        if (one.do === 'open-hearing') assert.ok(before.hearing.is === 'idle' || before.hearing.is === 'closed')
        if (one.do !== 'finish-hearing') continue
        assert.not.ok(finished.has(`${one.hearing}/${one.openedUtcMs}`))
        finished.add(`${one.hearing}/${one.openedUtcMs}`)
      }
    }
  })
})

test('the journal is written only while a hearing is open, and its last line closes it', () => {
  holds(() => {
    let open = false
    return (_before, event, _after, commands) => {
      if (event.is === 'recorder-started' && event.open) open = true
      for (const one of commands) {
        if (one.do === 'open-hearing') open = true
        if (one.do === 'journal') assert.ok(open, one.body.kind)
        if (one.do === 'journal' && one.body.kind === 'hearing-closed') open = false
      }
    }
  })
})

test('no fragment is journalled twice, and a track never goes back', () => {
  holds(() => {
    const seen = new Set<string>()
    return (_before, _event, _after, commands) => {
      for (const one of commands) {
        if (one.do === 'open-hearing') seen.clear()
        if (one.do !== 'journal' || !('fragments' in one.body)) continue
        for (const { track: name, run: of, seq } of one.body.fragments) {
          assert.not.ok(seen.has(`${name}/${of}/${seq}`))
          seen.add(`${name}/${of}/${seq}`)
        }
      }
    }
  })
})

test('a steady lamp means fresh bytes of every required track, and no failed disk', () => {
  holds(() => (_before, event, after) => {
    statusOf(after, event.atMs)
    if (lampOf(after, event.atMs) !== 'steady') return
    assert.is(after.hearing.is, 'recording')
    for (const one of Object.values(after.tracks)) assert.ok(event.atMs - (one.confirmedMs ?? -1e9) <= 2_000)
    for (const one of Object.values(after.stores)) assert.is.not(one.is, 'failed')
  })
})

test('asked to end, the recorder always ends, once', () => {
  fc.assert(
    fc.property(script, (one) => {
      const { commands } = play({ ...one, ending: true })
      assert.is(commands.filter((command) => command.do === 'exit' || command.do === 'power-off').length, 1)
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
})

test.run()
