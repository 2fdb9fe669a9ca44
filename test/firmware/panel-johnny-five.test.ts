/** Stock johnny-five with its own Firmata, its own handshake, on the panel's line: buttons and lamps as on any board. */
import firmata from 'firmata-io'
import five from 'johnny-five'
import { test } from 'uvu'
import { panelBeat } from '../../controller/wire/panel.ts'
import { Cable } from '../../hardware/virtual/panel/cable.ts'
import { VirtualPanel } from '../../hardware/virtual/panel/virtual-panel.ts'
import { until } from '../stories/stage/until.ts'
import { STEADY } from './panel/host.ts'

test('johnny-five is ready, hears a button, lights a lamp', async () => {
  const panel = new VirtualPanel()
  panel.runMs(1_600)
  panel.followClock()
  const port = await new Cable(panel).open()
  const io = new firmata.Firmata(port, {})
  const options = { io, repl: false, debug: false, sigint: false }
  const board = new five.Board(options)
  process.nextTick(() => port.emit('open'))
  await new Promise<void>((resolve) => board.on('ready', resolve))
  const beats = setInterval(() => port.write(panelBeat(1, STEADY)), 500)
  try {
    const heard: string[] = []
    const button = new five.Button({ pin: 3, isPullup: true, board })
    button.on('press', () => heard.push('press'))
    button.on('release', () => heard.push('release'))
    const led = new five.Led({ pin: 9, board })
    led.on()
    await until('the lamp is lit', 10, () => panel.lit.join() === 'off,link')
    panel.bounce('off', true)
    await until('the press is heard', 10, () => heard.join() === 'press')
    panel.bounce('off', false)
    await until('the release is heard', 10, () => heard.join() === 'press,release')
    led.off()
    await until('the lamp is dark', 10, () => panel.lit.join() === 'link')
  } finally {
    clearInterval(beats)
    panel.stop()
    port.destroy()
  }
})

test.run()
