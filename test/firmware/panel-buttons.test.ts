/** Presses: none lost, none doubled, none made up. All in the panel's own time. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { panelAck } from '../../controller/wire/panel.ts'
import type { VirtualButton } from '../../hardware/virtual/panel/virtual-panel.ts'
import { Host, told } from './panel/host.ts'

const BUTTONS: VirtualButton[] = ['rec', 'off', 'stop', 'mark']

/** A host that the panel knows, and after the lamp test. */
const present = (): Host => {
  const host = new Host()
  host.live(2_000)
  host.events()
  return host
}

const near = (is: number, wanted: number, by: number, what: string) =>
  assert.ok(Math.abs(is - wanted) <= by, `${what}: ${is}, wanted ${wanted}`)

test('a press and its release, with bounces: two events, at once and exact', () => {
  const host = present()
  host.panel.press('rec', 100)
  host.live(20)
  const [press] = host.events()
  assert.equal(press && { ...press, ageMs: 0 }, {
    is: 'event',
    epoch: 1,
    number: 1,
    button: 'rec',
    kind: 'press',
    isFromAway: false,
    isFromBeforeReset: false,
    durationMs: 0,
    ageMs: 0,
  })
  host.live(150)
  const [first, release, ...more] = host.takeAll()
  assert.is(first?.number, 1)
  assert.equal(more, [])
  assert.is(release?.kind, 'release')
  near(release?.durationMs ?? 0, 100, 6, 'held for')
})

test('each button has its own number, and bounces of every length are one press', () => {
  for (const button of BUTTONS) {
    const host = present()
    host.panel.bounce(button, true, 40, 20)
    host.live(60)
    host.panel.bounce(button, false, 40, 20)
    host.live(60)
    assert.equal(told(host.takeAll()), [`${button} press`, `${button} release`])
  }
})

test('a touch shorter than the debounce is nothing', () => {
  const host = present()
  for (let i = 0; i < 50; i++) {
    host.panel.contact('stop', true)
    host.panel.runMs(3)
    host.panel.contact('stop', false)
    host.panel.runMs(7)
  }
  assert.equal(host.takeAll(), [])
})

test('held long: a long press once, and its release tells how long', () => {
  const host = present()
  host.panel.press('off', 2_000)
  host.live(2_200)
  const events = host.takeAll()
  assert.equal(told(events), ['off press', 'off long', 'off release'])
  near(events[1]!.durationMs, 800, 2, 'long after')
  near(events[2]!.durationMs, 2_000, 6, 'held for')
})

test('all buttons at once', () => {
  const host = present()
  for (const button of BUTTONS) host.panel.press(button, 120)
  host.live(250)
  const events = host.takeAll()
  assert.equal(told(events), [...BUTTONS.map((b) => `${b} press`), ...BUTTONS.map((b) => `${b} release`)])
  assert.equal(
    events.map(({ number }) => number),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
})

test('a storm of presses is delivered whole and in order to a host that listens', () => {
  const host = present()
  const events = []
  for (let i = 0; i < 100; i++) {
    host.panel.press(BUTTONS[i % 4]!, 20)
    host.panel.runMs(60)
    events.push(...host.takeAll())
  }
  assert.is(events.length, 200)
  assert.equal(
    events.map(({ number }) => number),
    Array.from({ length: 200 }, (_, i) => i + 1),
  )
  assert.is(host.state().lost, 0)
})

test('what is not acknowledged comes again, oldest first, until it is', () => {
  const host = present()
  host.panel.press('rec')
  host.panel.press('mark')
  host.live(1_000)
  const again = host.events()
  assert.ok(again.length >= 8, `came ${again.length} times`)
  assert.equal(new Set(told(again)), new Set(['rec press']))
  assert.is(again.at(-1)!.ageMs > again[0]!.ageMs + 700, true, 'its age goes on')
  host.panel.receive(panelAck({ epoch: 7, number: 1 }))
  host.live(200)
  assert.equal(new Set(told(host.events())), new Set(['rec press']), 'an acknowledgement of another epoch is none')
  assert.equal(told(host.takeAll()), ['rec press', 'mark press', 'rec release', 'mark release'])
  assert.is(host.state().waiting, 0)
})

test('while the host is away presses wait, with their age', () => {
  const host = present()
  host.panel.runMs(2_500)
  host.panel.press('rec', 60)
  host.panel.runMs(400)
  host.panel.press('stop', 1_200)
  host.panel.runMs(5_000)
  assert.equal(host.events(), [], 'nothing is said to nobody')
  const events = host.takeAll()
  assert.equal(told(events), ['rec press', 'rec release', 'stop press', 'stop long', 'stop release'])
  assert.ok(events.every(({ isFromAway }) => isFromAway))
  near(events[0]!.ageMs, 5_400, 30, 'age')
})

test('a button that chatters while the host is away takes no place from the others', () => {
  const host = present()
  host.panel.runMs(2_500)
  for (let i = 0; i < 300; i++) {
    host.panel.press('mark', 15)
    host.panel.runMs(40)
  }
  host.panel.press('stop')
  host.panel.press('rec')
  host.panel.runMs(200)
  const { lost, waiting } = host.state()
  assert.is(waiting, 20)
  assert.is(lost, 600 - 16)
  const events = host.takeAll()
  assert.equal(told(events).slice(-4), ['rec press', 'stop press', 'rec release', 'stop release'])
  assert.is(events.filter(({ kind }) => kind === 'press').length, 12, 'presses outlast releases')
})

test('a button that sticks is told as such, once', () => {
  const host = present()
  host.panel.contact('off', true)
  host.live(1_000)
  assert.equal(told(host.takeAll()), ['off press', 'off long'])
  assert.equal(host.state().stuck, [])
  host.live(30_000)
  assert.equal(host.takeAll(), [])
  const { down, stuck } = host.state()
  assert.equal([down, stuck], [['off'], ['off']])
  host.panel.contact('off', false)
  host.live(100)
  assert.equal(told(host.takeAll()), ['off release'])
  assert.equal(host.state().stuck, [])
})

test('a button held while power comes is stuck, not pressed', () => {
  const host = new Host({ held: ['rec'] })
  host.live(500)
  assert.equal(host.takeAll(), [])
  assert.equal(host.state().stuck, ['rec'])
})

test.run()
