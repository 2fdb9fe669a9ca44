/** The same .hex under simavr: what the other tests find must not be a peculiarity of avr8js. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type PanelEvent, type PanelState, panelAck, panelBeat, parsePanel } from '../../controller/wire/panel.ts'
import { PanelSplitter } from '../../controller/wire/panel-frame.ts'
import { BUTTON_BITS, LAMP_BITS, PANEL_HEX } from '../../hardware/virtual/panel/virtual-panel.ts'
import { STEADY } from './panel/host.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-simavr-'))
test.after(() => rmSync(dir, { recursive: true }))

const program = join(dir, 'panel')
const built = spawnSync(
  'gcc',
  ['-O2', '-I/usr/include/simavr', '-o', program, 'test/fixtures/simavr/panel.c', '-lsimavr', '-lelf'],
  { encoding: 'utf8' },
)

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const run = (ms: number) => `run ${ms}`
const beat = (number: number) => `send ${hex(panelBeat(number, STEADY))}`

/** What the firmware says and shows in answer to these commands. */
const play = (...commands: string[]) => {
  const { status, stdout, stderr } = spawnSync(program, [PANEL_HEX], { input: commands.join('\n'), encoding: 'utf8' })
  assert.is(status, 0, stderr)
  const values = (word: string) => [...stdout.matchAll(new RegExp(`^${word} ([0-9a-f]*)$`, 'gm'))].map(([, v]) => v!)
  const { bodies, firmata } = new PanelSplitter().push(Buffer.from(values('out').join(''), 'hex'))
  const messages = bodies.map(parsePanel)
  return {
    states: messages.filter((message): message is PanelState => message?.is === 'state'),
    events: messages.filter((message): message is PanelEvent => message?.is === 'event'),
    firmata,
    lamps: values('lamps').map((value) => Number.parseInt(value, 16)),
  }
}

if (built.status === 0) {
  test('it starts, answers a beat, and says what johnny-five asks', () => {
    const { states, firmata } = play(run(60), beat(5), run(20), 'send f06bf7', run(30))
    assert.equal([...firmata.subarray(0, 5)], [0xf9, 2, 6, 0xf0, 0x79])
    assert.ok(hex(firmata).includes('f06c7f7f00010b017f'), 'capabilities')
    assert.equal([states[0]?.beat, states[0]?.isHostKnown, states[0]?.epoch], [5, true, 1])
  })

  test('a press and its release, one after the other as they are acknowledged', () => {
    const { events } = play(
      run(60),
      beat(1),
      `button ${BUTTON_BITS.stop} 1`,
      run(100),
      `button ${BUTTON_BITS.stop} 0`,
      run(50),
      `send ${hex(panelAck({ epoch: 1, number: 1 }))}`,
      run(50),
    )
    const release = events.at(-1)!
    assert.equal([events[0]?.button, events[0]?.kind, events[0]?.number], ['stop', 'press', 1])
    assert.equal([release.button, release.kind, release.number], ['stop', 'release', 2])
    assert.ok(Math.abs(release.durationMs - 100) < 10, `held for ${release.durationMs}`)
  })

  test('lamps as the host wants them, and not known after 2 s of silence', () => {
    const { lamps } = play(run(1_600), beat(1), 'send 910900', run(10), run(2_100), run(200), run(200), run(200))
    const bits = (...names: (keyof typeof LAMP_BITS)[]) => names.reduce((sum, name) => sum | (1 << LAMP_BITS[name]), 0)
    assert.is(lamps[1], bits('rec', 'disk', 'link'))
    for (const shown of lamps.slice(2)) assert.ok([bits('rec'), bits('fault')].includes(shown), `port B ${shown}`)
    assert.is(new Set(lamps.slice(2)).size, 2)
  })
} else console.log('SKIPPED  the firmware under simavr: there is no libsimavr-dev, libelf-dev or gcc')

test('the program that plays the host compiles wherever simavr is', () => {
  assert.ok(built.status === 0 || !existsSync('/usr/include/simavr'), built.stderr)
})

test.run()
