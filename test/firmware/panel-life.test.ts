/** Resets, hangs, power cuts, noise on the line: what the panel goes through and still keeps. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { panelAck } from '../../controller/wire/panel.ts'
import { PANEL_SYSEX } from '../../controller/wire/panel-frame.ts'
import { Host, told } from './panel/host.ts'

test('says who it is, unasked, and how it is twice a second', () => {
  const host = new Host()
  assert.equal(host.firmata.slice(0, 5), [0xf9, 2, 6, 0xf0, 0x79])
  host.panel.runMs(5_000)
  assert.is(host.heard.length, 10)
  const { protocol, role, epoch, boots, causes, isHostKnown, lost, watchdogs, lineErrors } = host.lastState()
  assert.equal([protocol, role, epoch, boots, causes], [1, 'clerk', 1, 1, ['power']])
  assert.equal([isHostKnown, lost, watchdogs, lineErrors], [false, 0, 0, 0])
})

test('answers each beat at once, with its number', () => {
  const host = new Host()
  assert.is(host.state().beat, 1)
  assert.is(host.state().beat, 2)
  assert.ok(host.state().isHostKnown)
})

for (const cause of ['external', 'watchdog'] as const)
  test(`a reset (${cause}) while presses wait keeps them`, () => {
    const host = new Host()
    host.panel.runMs(3_000)
    host.panel.press('rec', 80)
    host.panel.runMs(1_000)
    host.panel.reset(cause)
    host.panel.runMs(60)
    const { boots, causes, waiting, epoch, watchdogs } = host.state()
    assert.equal([boots, causes, waiting, epoch], [2, [cause], 2, 1])
    assert.is(watchdogs, cause === 'watchdog' ? 1 : 0)
    const events = host.takeAll()
    assert.equal(told(events), ['rec press', 'rec release'])
    assert.ok(events.every((event) => event.isFromAway && event.isFromBeforeReset))
    assert.ok(events[0]!.ageMs >= 950, `age ${events[0]!.ageMs}`)
    host.panel.press('stop')
    host.live(200)
    assert.equal(
      host.takeAll().map(({ number, isFromBeforeReset }) => [number, isFromBeforeReset]),
      [
        [3, false],
        [4, false],
      ],
    )
  })

/** Lives through a press with a reset after so many milliseconds of it. */
const pressWithReset = (host: Host, afterMs: number): string[] => {
  host.live(20)
  host.panel.contact('mark', true)
  host.panel.runMs(afterMs)
  host.panel.reset()
  host.panel.runMs(30)
  host.live(30)
  host.panel.contact('mark', false)
  host.live(30)
  const events = host.takeAll()
  assert.ok(events.every(({ ageMs, durationMs }) => ageMs < 500 && durationMs < 500))
  return told(events)
}

test('a reset at any instant loses no press and makes none up', () => {
  const host = new Host()
  const anywhere = fc.double({ min: 0, max: 20, noNaN: true })
  // Between these the press is noted: in memory, in its place, under its number.
  const whileNoting = fc.double({ min: 4, max: 6.2, noNaN: true })
  fc.assert(
    fc.property(fc.oneof(anywhere, whileNoting), (afterMs) => {
      assert.equal(pressWithReset(host, afterMs), ['mark press', 'mark release'])
    }),
    { numRuns: 80 },
  )
  const { epoch, boots, lost } = host.state()
  assert.equal([epoch, boots, lost], [1, 81, 0])
})

test('a bootloader that hides what a reset came from takes nothing, and power still makes a new epoch', () => {
  const host = new Host()
  host.panel.runMs(2_500)
  host.panel.press('stop')
  host.panel.runMs(200)
  host.panel.reset('hidden')
  host.panel.runMs(60)
  const kept = host.state()
  assert.equal([kept.epoch, kept.boots, kept.waiting, kept.causes], [1, 2, 2, []])
  host.panel.powerCycle('hidden')
  host.panel.runMs(60)
  const fresh = host.state()
  assert.equal([fresh.epoch, fresh.boots, fresh.waiting], [2, 1, 0])
})

test('a button held through a reset is not pressed again', () => {
  const host = new Host()
  host.live(100)
  host.panel.contact('rec', true)
  host.live(20)
  assert.equal(told(host.takeAll()), ['rec press'])
  host.panel.reset()
  host.live(100)
  host.panel.contact('rec', false)
  host.live(100)
  const [release, ...more] = host.takeAll()
  assert.equal(more, [])
  assert.equal([release?.kind, release?.isFromBeforeReset], ['release', true])
})

test('a press while the panel is in reset is found when it is out', () => {
  const host = new Host()
  host.panel.runMs(100)
  host.panel.reset()
  host.panel.contact('rec', true)
  host.panel.runMs(100)
  host.panel.contact('rec', false)
  host.panel.runMs(100)
  assert.equal(told(host.takeAll()), ['rec press', 'rec release'])
})

test('a power cycle forgets, and its events cannot be taken for older ones', () => {
  const host = new Host()
  host.live(100)
  host.panel.press('rec')
  host.live(200)
  const [before] = host.takeAll()
  host.panel.press('stop')
  host.live(200)
  host.panel.powerCycle()
  host.heard = []
  host.panel.runMs(60)
  assert.equal(host.takeAll(), [])
  host.panel.press('rec')
  host.live(200)
  const [after] = host.takeAll()
  assert.equal([before?.epoch, before?.number, after?.epoch, after?.number], [1, 1, 2, 1])
  const { boots, causes } = host.state()
  assert.equal([boots, causes], [1, ['power']])
})

test('hangs: the watchdog bites within 300 ms, and what waited still waits', () => {
  const host = new Host()
  host.panel.runMs(2_500)
  host.panel.press('mark')
  host.panel.runMs(200)
  host.panel.hang()
  host.panel.runMs(200)
  host.heard = []
  host.panel.runMs(700)
  const { watchdogs, causes, boots, waiting } = host.lastState()
  assert.equal([watchdogs, causes, boots, waiting], [1, ['watchdog'], 2, 2])
  assert.equal(told(host.takeAll()), ['mark press', 'mark release'])
})

/** Bytes that mean something more often than chance would have it. */
const hostile = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0xf0, 0xf7, PANEL_SYSEX, 0x79, 0x6b, 0x69, 0x6d, 0xff, 0xf9, 0xf4, 0xf5, 0x90, 0x91, 0xd0, 1, 2, 3),
  ),
  { minLength: 300, maxLength: 300 },
)

test('30,000 hostile bytes, with presses among them: no reset, no press lost, none made up', () => {
  const host = new Host()
  const events: string[] = []
  let presses = 0
  for (const bytes of fc.sample(hostile, { numRuns: 100, seed: 4 })) {
    host.send(...bytes)
    if (presses % 3 === 0) host.panel.press('stop', 30)
    presses++
    host.panel.runMs(70)
    host.send(0xf7)
    events.push(...told(host.takeAll()))
  }
  assert.equal(events, Array(34).fill(['stop press', 'stop release']).flat())
  const { boots, watchdogs, lost, lineErrors } = host.state()
  assert.equal([boots, watchdogs, lost, lineErrors], [1, 0, 0, 0])
  assert.is(host.splitter.broken, 0, 'what it says stays whole')
})

test('noise neither acknowledges nor beats', () => {
  const host = new Host()
  host.panel.runMs(2_500)
  host.panel.press('rec')
  host.panel.runMs(200)
  const wrong = [...panelAck({ epoch: 1, number: 1 })]
  wrong[wrong.length - 2]! ^= 1
  host.send(...wrong)
  host.send(0xf0, PANEL_SYSEX, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0xf7)
  host.panel.runMs(600)
  const { waiting, isHostKnown } = host.lastState()
  assert.equal([waiting, isHostKnown], [2, false])
})

test('the stack keeps far from what is kept, whatever comes in', () => {
  const host = new Host()
  for (const bytes of fc.sample(hostile, { numRuns: 20, seed: 7 })) {
    host.send(...bytes)
    host.panel.press('mark', 30)
    host.live(100)
  }
  const { unusedStackBytes } = host.panel
  assert.ok(unusedStackBytes > 200, `${unusedStackBytes} bytes are left`)
})

for (const [role, straps] of [
  ['clerk', 'none'],
  ['judge', 'D6'],
  ['second', 'D7'],
] as const)
  test(`role ${role}, by strap: ${straps}`, () => {
    const host = new Host({ role })
    assert.is(host.state().role, role)
    host.panel.press('rec')
    host.live(200)
    assert.equal(told(host.takeAll()), role === 'judge' ? [] : ['rec press', 'rec release'])
  })

test.run()
