/** Between panels and core, with the real firmware: a press is acknowledged when it is durable, and not before. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { logger } from '../../controller/base/log.ts'
import type { EventOf } from '../../controller/core/event.ts'
import { TakenPresses } from '../../controller/ports/panel/taken-presses.ts'
import { Panels, type PanelsOptions } from '../../controller/recorder/panels.ts'
import type { FromRecorder } from '../../controller/wire/clerk.ts'
import type { LampShows } from '../../controller/wire/panel.ts'
import { plugIn } from '../../hardware/virtual/panel/serial-port.ts'
import { VirtualPanel } from '../../hardware/virtual/panel/virtual-panel.ts'
import { sleep, until } from '../stories/stage/until.ts'

const DARK: LampShows = { rec: 'dark', off: 'dark', fault: 'dark', disk: 'dark', net: 'dark' }
const ACCEPTED: FromRecorder = { is: 'accepted', text: '', hearing: null }

interface Desk {
  virtual: VirtualPanel
  /** What reached the core: `mark press 3/1`. */
  pressed: string[]
  changes: EventOf<'panel-changed'>[]
  taken: TakenPresses
}

/** A panel that is found, with a recorder that is well behind it. */
const atDesk = async (options: Partial<PanelsOptions>, tell: (desk: Desk) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-panels-'))
  const virtual = new VirtualPanel()
  virtual.runMs(1_600)
  virtual.followClock(5)
  const port = await plugIn(virtual, join(dir, 'panel'))
  const taken = await TakenPresses.open(dir)
  const desk: Desk = { virtual, pressed: [], changes: [], taken }
  const panels = new Panels({
    config: { panels: [{ path: port.path, role: 'clerk' }] },
    log: logger('test'),
    taken,
    report: (event) => event.is === 'panel-changed' && desk.changes.push(event),
    durable: async () => {},
    ...options,
    press: async (press) => {
      desk.pressed.push(`${press.button} ${press.panel!.kind} ${press.panel!.epoch}/${press.panel!.number}`)
      return (await options.press?.(press)) ?? ACCEPTED
    },
  })
  const beats = setInterval(() => panels.show(DARK), 200)
  try {
    await until('the panel', 20, () => virtual.isLit('link'))
    await tell(desk)
  } finally {
    clearInterval(beats)
    panels.close()
    virtual.stop()
    await port.unplug()
    rmSync(dir, { recursive: true })
  }
}

test('the next event comes when the one before is durable', async () => {
  let release = (): void => {}
  const durable = new Promise<void>((resolve) => {
    release = resolve
  })
  await atDesk({ durable: () => durable }, async ({ virtual, pressed, taken, changes }) => {
    assert.equal(
      changes.map(({ to }) => to),
      ['found'],
    )
    virtual.press('mark', 50)
    await until('the press', 10, () => pressed.length === 1)
    // Ten times the pause after which the panel tells again what is not acknowledged.
    await sleep(1_000)
    assert.equal(pressed.length, 1)
    assert.equal(taken.last, {})
    release()
    await until('the release', 10, () => pressed.length === 2)
    assert.match(pressed.join(), /^mark press (\d+)\/1,mark release \1\/2$/)
    await until('both kept', 10, () => taken.last.clerk?.number === 2)
  })
})

test('what is not judged yet comes again, until it is', async () => {
  let again = 2
  const wait: FromRecorder = { is: 'refused', code: 'COMES_AGAIN', text: '', engineer: '' }
  const press = async () => (again-- > 0 ? wait : ACCEPTED)
  await atDesk({ press }, async ({ virtual, pressed, taken }) => {
    virtual.press('rec', 50)
    await until('the release', 20, () => pressed.at(-1)?.includes('release'))
    assert.match(pressed.join(), /^(rec press (\d+)\/1,){3}rec release \2\/2$/)
    await until('it kept', 10, () => taken.last.clerk?.number === 2)
  })
})

test('disks that all hang keep no second press away', async () => {
  await atDesk({ durable: () => new Promise(() => {}) }, async ({ virtual, pressed }) => {
    virtual.press('off', 50)
    await until('the release, after the press was given up', 20, () => pressed.length === 2)
  })
})

test('a button that is stuck, and a panel that begins anew, are told of', async () => {
  await atDesk({}, async ({ virtual, changes }) => {
    virtual.contact('stop', true)
    virtual.powerCycle()
    const isStuck = () => changes.some((one) => one.to === 'found' && one.stuck.includes('stop'))
    await until('the stuck button', 20, isStuck)
  })
})

test('the last presses outlive the recorder, and damage to their file is told', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-taken-'))
  try {
    const first = await TakenPresses.open(dir)
    await first.note('clerk', { epoch: 3, number: 7 })
    await first.note('judge', { epoch: 1, number: 2 })
    const second = await TakenPresses.open(dir)
    assert.equal(second.last, { clerk: { epoch: 3, number: 7 }, judge: { epoch: 1, number: 2 } })
    assert.is(second.fault, null)
    for (const file of readdirSync(dir)) writeFileSync(join(dir, file), 'torn')
    const third = await TakenPresses.open(dir)
    assert.is((third.fault as Error & { code?: string }).code, 'SETTINGS_DAMAGED')
    await third.note('clerk', { epoch: 3, number: 8 })
    assert.equal((await TakenPresses.open(dir)).last, { clerk: { epoch: 3, number: 8 } })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test.run()
