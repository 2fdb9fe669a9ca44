// deadline: 300 s
/** Numbers have 14 bits. This takes two minutes of the panel's time: each of the 16,384 is really used. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { panelAck } from '../../controller/wire/panel.ts'
import { Host } from './panel/host.ts'

const NUMBERS = 16_384
const BUTTONS = ['rec', 'off', 'stop', 'mark'] as const

test('numbers go round in order, also while events wait; nothing is lost or comes twice', () => {
  const host = new Host()
  let last = 0
  const takeHeard = () => {
    for (const event of host.events()) {
      if (event.number === last) continue
      assert.is(event.number, (last + 1) % NUMBERS)
      last = event.number
      host.panel.receive(panelAck(event))
    }
  }
  for (let round = 0; last < NUMBERS - 20; round++) {
    if (round % 8 === 0) host.beat()
    for (const button of BUTTONS) host.panel.contact(button, round % 2 === 0)
    for (let i = 0; i < 5; i++) {
      host.panel.runMs(7)
      takeHeard()
    }
  }
  for (const button of BUTTONS) host.panel.contact(button, false)
  for (let i = 0; i < 20; i++) {
    if (i % 4 === 0) host.beat()
    host.panel.runMs(15)
    takeHeard()
  }
  host.panel.runMs(2_500)
  const before = last
  for (let i = 0; i < 6; i++) {
    for (const button of BUTTONS) host.panel.press(button, 30)
    host.panel.runMs(100)
  }
  assert.equal(
    host.takeAll().map(({ number }) => number),
    Array.from({ length: 48 }, (_, i) => (before + 1 + i) % NUMBERS),
  )
  assert.is(host.state().lost, 0)
})

test.run()
