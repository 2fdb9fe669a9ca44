/** The port against the real firmware, over a cable that can be pulled. In the time of the clock on the wall. */
import { Duplex } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Reason } from '../../controller/base/reason.ts'
import { Panel, type PanelOptions } from '../../controller/ports/panel/panel.ts'
import type { LampShows, PanelEvent } from '../../controller/wire/panel.ts'
import { Cable } from '../../hardware/virtual/panel/cable.ts'
import { VirtualPanel, type VirtualPanelOptions } from '../../hardware/virtual/panel/virtual-panel.ts'
import { sleep, until } from '../stories/stage/until.ts'

const QUICK = { retryMs: 30, silentMs: 3_000, firstWordMs: 3_000, strangerMs: 300 }
const DARK: LampShows = { rec: 'dark', off: 'dark', fault: 'dark', disk: 'dark', net: 'dark' }

/** A panel on a cable, and a host that is well. */
class Room {
  readonly virtual: VirtualPanel
  readonly cable: Cable
  readonly panel: Panel
  readonly events: PanelEvent[] = []
  readonly lost: Reason[] = []
  found = 0
  isWell = true
  #beats: NodeJS.Timeout

  constructor(options: Partial<PanelOptions> = {}, virtual: VirtualPanelOptions = {}) {
    this.virtual = new VirtualPanel(virtual)
    this.virtual.runMs(1_600) // the lamp test at power-on
    this.virtual.followClock()
    this.cable = new Cable(this.virtual)
    this.panel = new Panel({
      open: this.cable.open,
      role: 'clerk',
      onButton: (event) => void this.events.push(event),
      onFound: () => {
        this.found++
      },
      onLost: (why) => this.lost.push(why),
      times: QUICK,
      ...options,
    })
    this.#beats = setInterval(() => {
      if (this.isWell) this.panel.beat()
    }, 200)
  }

  /** What the lamps show, without the blinking of anything unknown. */
  shows(...lamps: string[]): Promise<true> {
    const wanted = [...lamps, 'link'].join()
    return until(`${wanted} lit instead of ${this.virtual.lit}`, 20, () => this.virtual.lit.join() === wanted)
  }

  known(): Promise<true> {
    return until('the panel is found and knows its host', 20, () => this.panel.state?.isHostKnown === true)
  }

  /** So long by the panel's own clock, which lags where this computer is busy. */
  lived(ms: number): Promise<true> {
    const untilMs = this.virtual.ageMs + ms
    return until(`${ms} ms of the panel`, 20, () => this.virtual.ageMs >= untilMs)
  }

  told(count: number): Promise<true> {
    return until(`${count} events`, 20, () => this.events.length >= count)
  }

  leave(): void {
    clearInterval(this.#beats)
    this.panel.close()
    this.virtual.stop()
  }
}

const inRoom = (
  name: string,
  story: (room: Room) => Promise<void>,
  options: Partial<PanelOptions> = {},
  virtual: VirtualPanelOptions = {},
) =>
  test(name, async () => {
    const room = new Room(options, virtual)
    try {
      await story(room)
    } finally {
      room.leave()
    }
  })

inRoom('presses come once each, with how long and how long ago', async (room) => {
  await room.known()
  room.virtual.press('rec', 100)
  await room.told(2)
  const [press, release] = room.events
  assert.equal([press?.button, press?.kind, press?.isFromAway], ['rec', 'press', false])
  assert.equal([release?.button, release?.kind], ['rec', 'release'])
  assert.ok(Math.abs(release!.durationMs - 100) < 10)
  await sleep(400)
  assert.is(room.events.length, 2)
  assert.is(room.panel.state?.waiting, 0)
})

inRoom('lamps are driven, and changed', async (room) => {
  room.panel.setLamps({ ...DARK, rec: 'steady', net: 'steady' })
  await room.shows('rec', 'net')
  room.panel.setLamps({ ...DARK, off: 'steady' })
  await room.shows('off')
  room.panel.setLamps({ ...DARK, disk: 'blinking' })
  await room.shows('disk')
  await room.shows()
})

inRoom('a recorder that is not well gives no beats, and the panel says so by itself', async (room) => {
  room.panel.setLamps({ ...DARK, rec: 'steady' })
  await room.shows('rec')
  room.isWell = false
  await until('REC and FAULT flash', 20, () => room.virtual.isLit('fault') && !room.virtual.isLit('rec'))
  await until('REC and FAULT flash', 20, () => !room.virtual.isLit('fault') && room.virtual.isLit('rec'))
  assert.is(room.found, 1, 'the panel itself is still there')
  assert.equal(room.lost, [])
  room.isWell = true
  await room.shows('rec')
})

inRoom('pulled out and plugged in: presses kept meanwhile come, lamps are as they were', async (room) => {
  room.panel.setLamps({ ...DARK, rec: 'steady', disk: 'steady' })
  await room.shows('rec', 'disk')
  room.cable.unplug()
  await until('it is lost', 5, () => room.lost.length === 1)
  await room.lived(2_300)
  room.virtual.press('mark', 100)
  await room.lived(300)
  room.cable.plug()
  await room.told(2)
  assert.equal(
    room.events.map(({ button, kind, isFromAway, isFromBeforeReset }) => [button, kind, isFromAway, isFromBeforeReset]),
    [
      ['mark', 'press', true, true],
      ['mark', 'release', true, true],
    ],
  )
  assert.ok(room.events[0]!.ageMs >= 250)
  await room.shows('rec', 'disk')
  assert.is(room.lost.length, 1, 'and was told once')
  assert.match(room.lost[0]!.clerk, 'cable')
})

inRoom('twenty quick replugs, with a press between them', async (room) => {
  room.panel.setLamps({ ...DARK, rec: 'steady' })
  await room.known()
  for (let i = 0; i < 20; i++) {
    room.cable.unplug()
    await sleep(15)
    if (i === 10) room.virtual.press('stop', 60)
    room.cable.plug()
    await sleep(20 + 15 * i)
  }
  await room.told(2)
  assert.equal(
    room.events.map(({ button, kind }) => `${button} ${kind}`),
    ['stop press', 'stop release'],
  )
  await room.shows('rec')
  await sleep(300)
  assert.is(room.events.length, 2)
})

for (const [what, start] of [
  ['a spontaneous reset', (room: Room) => room.virtual.reset('watchdog')],
  ['a hang', (room: Room) => room.virtual.hang()],
  ['a power cycle', (room: Room) => room.virtual.powerCycle()],
] as const)
  inRoom(`${what} while the port stays open: lamps come back, presses come on`, async (room) => {
    room.panel.setLamps({ ...DARK, rec: 'steady', net: 'steady' })
    await room.shows('rec', 'net')
    room.virtual.press('rec')
    await room.told(2)
    start(room)
    await room.lived(2_200)
    await room.shows('rec', 'net')
    room.virtual.press('rec')
    await room.told(4)
    assert.is(room.found, 1)
    assert.is(room.cable.opened, 1)
  })

test('a port that appears late', async () => {
  const room = new Room()
  room.cable.unplug()
  try {
    await until('it is missed', 5, () => room.lost.length === 1)
    await sleep(500)
    assert.is(room.lost.length, 1, 'not told again and again')
    assert.is(room.found, 0)
    room.panel.setLamps({ ...DARK, fault: 'steady' })
    room.cable.plug()
    await room.shows('fault')
    assert.is(room.found, 1)
  } finally {
    room.leave()
  }
})

/** Something else on the port: it babbles, and remembers whether anybody spoke to it. */
class Stranger extends Duplex {
  written = 0
  readonly #timer = setInterval(() => {
    if (!this.destroyed) this.push(Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 89 + 7) & 0xff)))
  }, 5)

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written += bytes.length
    done()
  }

  override _destroy(_fault: Error | null, done: () => void): void {
    clearInterval(this.#timer)
    done()
  }
}

test('a wrong device: told, never spoken to, and tried again for the day it is put right', async () => {
  const strangers: Stranger[] = []
  let cable: Cable | null = null
  const room = new Room({
    open: async () => {
      if (cable) return cable.open()
      const stranger = new Stranger()
      strangers.push(stranger)
      return stranger
    },
  })
  try {
    await until('it is told', 20, () => room.lost.length === 1)
    assert.match(room.lost[0]!.clerk, 'something else')
    assert.equal([strangers[0]!.written, strangers[0]!.destroyed], [0, true])
    cable = room.cable
    await room.known()
    assert.ok(strangers.every(({ written }) => written === 0))
  } finally {
    room.leave()
  }
})

inRoom(
  "the judge's lamp where the clerk's panel should be is a wrong device too",
  async (room) => {
    await until('it is told', 20, () => room.lost.length === 1)
    assert.match(room.lost[0]!.engineer, 'role judge instead of clerk')
    assert.is(room.found, 0)
  },
  {},
  { role: 'judge' },
)

inRoom(
  "the judge's lamp as itself",
  async (room) => {
    room.panel.setLamps({ ...DARK, rec: 'steady' })
    await room.shows('rec')
  },
  { role: 'judge' },
  { role: 'judge' },
)

/** A cable that changes a byte now and then, both ways, the same each time. */
class NoisyPort extends Duplex {
  #seed = 12_345

  constructor(private readonly port: Duplex) {
    super()
    port.on('data', (bytes: Buffer) => this.push(this.#spoil(bytes)))
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.port.write(this.#spoil(bytes))
    done()
  }

  #spoil(bytes: Buffer): Buffer {
    return Buffer.from(bytes).map((byte) => {
      this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0
      return this.#seed >>> 16 < 0x10000 / 60 ? byte ^ (1 << (this.#seed & 7)) : byte
    }) as Buffer
  }
}

test('a line that spoils a byte of sixty: each press comes once, the lamps become right', async () => {
  const room: Room = new Room({ open: async () => new NoisyPort(await room.cable.open()) })
  try {
    await room.known()
    room.panel.setLamps({ ...DARK, rec: 'steady', net: 'steady' })
    const wanted: string[] = []
    for (let i = 0; i < 10; i++) {
      room.virtual.press('mark', 30)
      wanted.push('mark press', 'mark release')
      await room.told(wanted.length)
    }
    await sleep(300)
    assert.equal(
      room.events.map(({ button, kind }) => `${button} ${kind}`),
      wanted,
    )
    await room.shows('rec', 'net')
  } finally {
    room.leave()
  }
})

test('a press that cannot be taken yet stays with the panel', async () => {
  let refusals = 3
  const taken: string[] = []
  const room = new Room({
    onButton: async ({ button, kind }) => {
      await sleep(50)
      if (refusals-- > 0) throw new Error('no room for it')
      taken.push(`${button} ${kind}`)
    },
  })
  try {
    await room.known()
    room.virtual.press('off', 40)
    await until('all are taken', 20, () => taken.length === 2)
    await sleep(400)
    assert.equal(taken, ['off press', 'off release'])
    assert.is(room.panel.state?.waiting, 0)
  } finally {
    room.leave()
  }
})

test('two panels at once', async () => {
  const clerk = new Room()
  const judge = new Room({ role: 'judge' }, { role: 'judge' })
  try {
    clerk.panel.setLamps({ ...DARK, off: 'steady' })
    judge.panel.setLamps({ ...DARK, rec: 'steady' })
    await clerk.shows('off')
    await judge.shows('rec')
  } finally {
    clerk.leave()
    judge.leave()
  }
})

inRoom('an event loop that stands still across a press loses nothing', async (room) => {
  await room.known()
  room.virtual.press('rec', 30)
  const endMs = performance.now() + 300
  while (performance.now() < endMs) room.virtual.catchUp()
  await room.told(2)
  assert.ok(Math.abs(room.events[1]!.durationMs - 30) < 10)
})

inRoom('the lamp test', async (room) => {
  await room.known()
  await room.shows()
  room.panel.testLamps()
  for (const lamp of ['rec', 'off', 'fault', 'disk', 'net'] as const)
    await until(lamp, 5, () => room.virtual.isLit(lamp))
})

test.run()
