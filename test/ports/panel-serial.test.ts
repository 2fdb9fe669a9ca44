/** The port over a real serial device: serialport on a pseudo terminal, behind which the firmware runs. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Panel } from '../../controller/ports/panel/panel.ts'
import { serialPort } from '../../controller/ports/panel/serial-port.ts'
import { PANEL_BAUD } from '../../controller/wire/panel.ts'
import { plugIn } from '../../hardware/virtual/panel/serial-port.ts'
import { VirtualPanel } from '../../hardware/virtual/panel/virtual-panel.ts'
import { sleep, until } from '../stories/stage/until.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-panel-'))
test.after(() => rmSync(dir, { recursive: true }))

/** Pseudo terminals that this process has open. */
const heldPorts = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith('/dev/pts/') && Number(fd) > 2 ? [path] : []
    } catch {
      return []
    }
  })

test('found late, pressed, pulled out, plugged in, pressed again', async () => {
  const path = join(dir, 'panel')
  const virtual = new VirtualPanel()
  virtual.runMs(1_600)
  virtual.followClock()
  const events: string[] = []
  const lost: string[] = []
  const panel = new Panel({
    open: serialPort(path, PANEL_BAUD),
    role: 'clerk',
    onButton: ({ button, kind }) => void events.push(`${button} ${kind}`),
    onFound: () => {},
    onLost: ({ engineer }) => void lost.push(engineer),
    times: { retryMs: 100 },
  })
  const beats = setInterval(() => panel.beat(), 200)
  try {
    await until('the port is missed', 10, () => lost.length === 1)
    assert.match(lost[0]!, /no such file/i)
    panel.setLamps({ rec: 'steady', off: 'dark', fault: 'dark', disk: 'dark', net: 'steady' })
    const isRight = () => virtual.lit.join() === 'rec,net,link'
    let port = await plugIn(virtual, path)
    await until('the lamps are right', 20, isRight)
    virtual.press('rec', 50)
    await until('the press', 10, () => events.length === 2)

    await port.unplug()
    await until('it is lost', 10, () => panel.state === null)
    virtual.press('stop', 50)
    await sleep(300)
    virtual.reset()
    port = await plugIn(virtual, path)
    await until('the lamps are right again', 20, isRight)
    await until('the press that waited', 10, () => events.length === 4)
    assert.equal(events, ['rec press', 'rec release', 'stop press', 'stop release'])

    for (let i = 0; i < 20; i++) {
      await port.unplug()
      port = await plugIn(virtual, path)
      await sleep(10 * i)
    }
    virtual.press('mark', 50)
    await until('the press after twenty replugs', 20, () => events.length === 6)
    await until('the lamps are right at last', 20, isRight)
    await port.unplug()
    await until('no port is held that is gone', 10, () => heldPorts().length === 0)
  } finally {
    clearInterval(beats)
    panel.close()
    virtual.stop()
  }
})

test('a port with something else on it is let go, so that others can open it', async () => {
  const path = join(dir, 'stranger')
  const virtual = new VirtualPanel({ role: 'judge' })
  virtual.runMs(1_600)
  virtual.followClock()
  const port = await plugIn(virtual, path)
  const lost: string[] = []
  const panel = new Panel({
    open: serialPort(path, PANEL_BAUD),
    role: 'clerk',
    onButton: () => {},
    onFound: () => {},
    onLost: ({ engineer }) => void lost.push(engineer),
  })
  try {
    await until('the wrong role', 20, () => lost.length === 1)
    assert.match(lost[0]!, /role judge instead of clerk/)
    await until('the port is let go', 10, () => heldPorts().length === 0)
  } finally {
    panel.close()
    virtual.stop()
    await port.unplug()
  }
})

test.run()
