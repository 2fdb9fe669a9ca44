/** Lamps: what the host wants while it is heard, "not known to be recording" when it is not (R20). */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { panelLampTest } from '../../controller/wire/panel.ts'
import type { VirtualLamp } from '../../hardware/virtual/panel/virtual-panel.ts'
import { Host, STEADY } from './panel/host.ts'

const REC = 0x01
const ALL = 0x1f

/** Firmata's write of the lamps' port. */
const light = (host: Host, lamps: number) => host.send(0x91, lamps & 0x7f, lamps >> 7)

/** A panel past its first lamp test. */
const fresh = (): Host => {
  const host = new Host()
  host.panel.runMs(2_000)
  return host
}

/** Which lamps are lit, 50 ms apart. */
const film = (host: Host, ms: number, alive = true): VirtualLamp[][] => {
  const pictures = []
  for (let at = 0; at < ms; at += 50) {
    if (alive && at % 250 === 0) host.beat()
    host.panel.runMs(50)
    pictures.push(host.panel.lit.filter((lamp) => lamp !== 'link'))
  }
  return pictures
}

const changesOf = (pictures: VirtualLamp[][], lamp: VirtualLamp): number =>
  pictures.filter((lit, i) => i > 0 && lit.includes(lamp) !== pictures[i - 1]!.includes(lamp)).length

/** REC and FAULT flash in turn, never both, never neither, and nothing else is lit. */
const assertNotKnown = (pictures: VirtualLamp[][]) => {
  assert.equal(new Set(pictures.map((lit) => lit.join())), new Set(['rec', 'fault']))
  assert.ok(changesOf(pictures, 'rec') >= pictures.length / 5, 'they flash')
}

test('when power comes, each lamp in turn; then, with nobody there, not known', () => {
  const host = new Host()
  const pictures = film(host, 1_450, false)
  assert.ok(pictures.every((lit) => lit.length === 1))
  assert.equal([...new Set(pictures.map(([lamp]) => lamp))], ['rec', 'off', 'fault', 'disk', 'net'])
  host.panel.runMs(100)
  assertNotKnown(film(host, 5_000, false))
})

test('a host that is heard has its lamps, and the small one says so', () => {
  const host = fresh()
  host.beat()
  light(host, REC)
  host.panel.runMs(20)
  assert.equal(host.panel.lit, ['rec', 'link'])
  light(host, ALL)
  host.panel.runMs(20)
  assert.equal(host.panel.lit, ['rec', 'off', 'fault', 'disk', 'net', 'link'])
  assert.equal(host.state().lit, ['rec', 'off', 'fault', 'disk', 'net'])
  light(host, 0)
  host.panel.runMs(20)
  assert.equal(host.panel.lit, ['link'])
})

test('lit without a beat stays not known: no beat, no claim', () => {
  const host = fresh()
  light(host, REC)
  assertNotKnown(film(host, 3_000, false))
})

test('2 s of silence: steady before, not known after', () => {
  const host = fresh()
  light(host, ALL)
  host.live(1_000)
  host.beat()
  host.panel.runMs(1_950)
  assert.ok(host.panel.isLit('net'), 'heard until then')
  host.panel.runMs(100)
  assertNotKnown(film(host, 4_000, false))
  host.beat()
  host.panel.runMs(20)
  assert.equal(host.panel.lit, ['rec', 'off', 'fault', 'disk', 'net', 'link'], 'and all is back with the next beat')
})

test('a reset never leaves a lamp lit that nobody wants', () => {
  const host = fresh()
  light(host, REC)
  host.live(500)
  host.panel.reset('watchdog')
  host.panel.runMs(60)
  assertNotKnown(film(host, 2_000, false))
  host.beat()
  host.panel.runMs(20)
  assert.equal(host.panel.lit, ['link'], 'the host has to say it again')
  assert.equal(host.state().lit, [])
})

test('patterns: each lamp its own, told apart by rhythm alone', () => {
  const host = fresh()
  light(host, ALL)
  const patterns = { ...STEADY, off: 'blinking', fault: 'flashing', disk: 'winking' } as const
  host.beat(patterns)
  const pictures: VirtualLamp[][] = []
  for (let i = 0; i < 400; i++) {
    if (i % 20 === 0) host.beat(patterns)
    host.panel.runMs(10)
    pictures.push(host.panel.lit)
  }
  const share = (lamp: VirtualLamp) => pictures.filter((lit) => lit.includes(lamp)).length / pictures.length
  assert.is(changesOf(pictures, 'rec'), 0)
  assert.is(changesOf(pictures, 'net'), 0)
  for (const [lamp, changes, lit] of [
    ['off', 8, 0.5],
    ['fault', 20, 0.5],
    ['disk', 8, 0.1],
  ] as const) {
    assert.ok(Math.abs(changesOf(pictures, lamp) - changes) <= 1, `${lamp}: ${changesOf(pictures, lamp)} changes`)
    assert.ok(Math.abs(share(lamp) - lit) < 0.02, `${lamp} is lit ${share(lamp)}`)
  }
})

test('no lamp flashes more than three times a second', () => {
  const host = fresh()
  light(host, ALL)
  host.live(100)
  for (const pattern of ['blinking', 'flashing', 'winking'] as const) {
    const pictures: VirtualLamp[][] = []
    for (let i = 0; i < 200; i++) {
      if (i % 20 === 0) host.beat({ ...STEADY, rec: pattern })
      host.panel.runMs(10)
      pictures.push(host.panel.lit)
    }
    assert.ok(changesOf(pictures, 'rec') <= 12, pattern)
  }
})

test('the lamp test runs when asked, once, and shows no false steady REC', () => {
  const host = fresh()
  light(host, 0)
  host.beat()
  host.panel.receive(panelLampTest())
  const pictures = film(host, 1_500)
  assert.equal([...new Set(pictures.map((lit) => lit.join()))], ['rec', 'off', 'fault', 'disk', 'net'])
  host.panel.runMs(50)
  assert.equal(host.panel.lit, ['link'])
})

test('a reset of Firmata darkens what the host had lit', () => {
  const host = fresh()
  light(host, ALL)
  host.live(100)
  host.send(0xff)
  host.panel.runMs(10)
  assert.equal(host.panel.lit, ['link'])
})

test.run()
