/** The courtroom's two panels, in their own process, as a page or a story uses them. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Panel } from '../../controller/ports/panel/panel.ts'
import { serialPort } from '../../controller/ports/panel/serial-port.ts'
import { PANEL_BAUD } from '../../controller/wire/panel.ts'
import { type RunningRoomPanels, startRoomPanels } from '../../hardware/virtual/panel/room-panel.ts'
import { until } from '../stories/stage/until.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-panels-'))
let running: RunningRoomPanels

test.before(async () => {
  running = await startRoomPanels(dir)
})

test.after(async () => {
  await running?.stop()
  rmSync(dir, { recursive: true })
})

test('presses arrive, lamps are seen, and the cable carries the power', async () => {
  const { clerk, judge } = running.panels
  const events: string[] = []
  let changes = 0
  clerk.onChange(() => changes++)
  const panel = new Panel({
    open: serialPort(clerk.path, PANEL_BAUD),
    role: 'clerk',
    onButton: ({ button, kind, epoch }) => void events.push(`${button} ${kind} ${epoch}`),
    onFound: () => {},
    onLost: () => {},
    times: { retryMs: 100 },
  })
  panel.setLamps({ rec: 'dark', off: 'steady', fault: 'dark', disk: 'dark', net: 'dark' })
  const beats = setInterval(() => panel.beat(), 200)
  try {
    await until('the lamps', 20, () => clerk.lit.join() === 'off,link')
    await until('the judge is told that nobody is heard', 20, () => judge.lit.includes('rec'))
    assert.ok(changes > 0)
    const epoch = panel.state!.epoch
    await clerk.press('mark')
    assert.equal(clerk.held, ['mark'])
    await until('the press', 10, () => events.length === 1)
    await clerk.release('mark')
    await until('the release', 10, () => events.length === 2)
    assert.equal(events, [`mark press ${epoch}`, `mark release ${epoch}`])

    await clerk.unplug()
    assert.equal(clerk.lit, [])
    assert.not(existsSync(clerk.path))
    await clerk.plug()
    await until('the lamps are right again', 20, () => clerk.lit.join() === 'off,link')
    assert.is(panel.state!.epoch, epoch + 1)
  } finally {
    clearInterval(beats)
    panel.close()
  }
})

test('the ports go with the process', async () => {
  const { clerk, judge } = running.panels
  await running.stop()
  assert.not(existsSync(clerk.path) || existsSync(judge.path))
  const fault = await clerk.press('rec').catch((thrown: Error) => thrown.message)
  assert.match(fault ?? '', /has ended/)
})

test.run()
