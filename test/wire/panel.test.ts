import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  PANEL_BAUD,
  PANEL_BUTTONS,
  PANEL_CAUSES,
  PANEL_KINDS,
  PANEL_LAMPS,
  PANEL_NUMBERS,
  PANEL_PATTERNS,
  PANEL_PROTOCOL,
  PANEL_ROLES,
  PANEL_STATE_MS,
  panelAck,
  panelBeat,
  panelLampTest,
  parsePanel,
} from '../../controller/wire/panel.ts'
import { encodePanel, PANEL_SYSEX, PanelSplitter } from '../../controller/wire/panel-frame.ts'

const HEADER = readFileSync('firmware/panel/protocol.h', 'utf8')

/** Every number of the firmware's protocol, without `PANEL_`. */
const DEFINED = Object.fromEntries(
  [...HEADER.matchAll(/^#define PANEL_(\w+) (0x[0-9A-F]+|\d+)/gm)].map(([, name, value]) => [name!, Number(value)]),
)

const numbered = (prefix: string, names: readonly string[], number: (index: number) => number) =>
  Object.fromEntries(names.map((name, i) => [`${prefix}_${name.toUpperCase()}`, number(i)]))

test('every number of protocol.h is the same here', () => {
  const here: Record<string, number> = {
    PROTOCOL: PANEL_PROTOCOL,
    SYSEX: PANEL_SYSEX,
    BAUD: PANEL_BAUD,
    STATE_MS: PANEL_STATE_MS,
    BUTTONS: PANEL_BUTTONS.length,
    LAMPS: PANEL_LAMPS.length,
    PATTERNS: PANEL_PATTERNS.length,
    ...PANEL_NUMBERS,
    ...numbered('ROLE', PANEL_ROLES, (i) => i),
    ...numbered('BUTTON', PANEL_BUTTONS, (i) => i),
    ...numbered('LAMP', PANEL_LAMPS, (i) => i),
    ...numbered('PATTERN', PANEL_PATTERNS, (i) => i),
    ...numbered('KIND', PANEL_KINDS, (i) => i + 1),
    ...numbered('CAUSE', PANEL_CAUSES, (i) => 1 << i),
  }
  /** What only the panel needs to know. */
  const ITS_OWN = ['SILENT_MS', 'RESEND_MS', 'DEBOUNCE_MS', 'LONG_MS', 'STUCK_MS', 'LAMP_TEST_MS', 'EVENTS_PER_BUTTON']
  assert.equal({ ...here, ...Object.fromEntries(ITS_OWN.map((name) => [name, DEFINED[name]])) }, DEFINED)
})

test('the lengths of the messages are the sum of their fields', () => {
  for (const name of ['STATE', 'EVENT']) {
    const [, fields = ''] = new RegExp(`/\\* ([^*]*) \\*/\n#define PANEL_${name}_BYTES `).exec(HEADER) ?? []
    const sum = [...fields.matchAll(/\((\d)\)/g)].reduce((total, [, bytes]) => total + Number(bytes), 0)
    assert.is(sum, DEFINED[`${name}_BYTES`], name)
  }
})

const split = (bytes: Iterable<number>) => new PanelSplitter().push(bytes)

/** What encodes is what parses. */
const eventBody = (fields: readonly (readonly [number, number])[]) => split(encodePanel(0x42, fields)).bodies[0]!

test('an event says what, when and how long', () => {
  const body = eventBody([
    [300, 2],
    [16_383, 2],
    [3, 1],
    [2, 1],
    [3, 1],
    [1_234, 4],
    [0x0fffffff, 4],
  ])
  assert.equal(parsePanel(body), {
    is: 'event',
    epoch: 300,
    number: 16_383,
    button: 'mark',
    kind: 'release',
    isFromAway: true,
    isFromBeforeReset: true,
    durationMs: 1_234,
    ageMs: 0x0fffffff,
  })
})

test('a button, a kind, a role that does not exist is no message', () => {
  const rest = [
    [0, 1],
    [0, 4],
    [0, 4],
  ] as const
  assert.is(parsePanel(eventBody([[1, 2], [1, 2], [4, 1], [1, 1], ...rest])), null)
  assert.is(parsePanel(eventBody([[1, 2], [1, 2], [0, 1], [0, 1], ...rest])), null)
  assert.is(parsePanel(eventBody([[1, 2], [1, 2], [0, 1], [4, 1], ...rest])), null)
  assert.is(parsePanel(Uint8Array.of(0x41, 1, 9, ...new Array(20).fill(0))), null)
  assert.is(parsePanel(Uint8Array.of(0x55)), null)
  assert.is(parsePanel(new Uint8Array()), null)
})

test('messages are found wherever the stream is cut, and Firmata keeps the rest', () => {
  const patterns = { rec: 'steady', off: 'blinking', fault: 'flashing', disk: 'winking', net: 'steady' } as const
  const stream = [
    ...[0xf9, 2, 6],
    ...panelBeat(77, patterns),
    ...[0xf0, 0x79, 1, 0, 0xf7],
    ...panelAck({ epoch: 5, number: 6 }),
    ...panelLampTest(),
    ...[0x90, 0x3c, 0],
  ]
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
      const splitter = new PanelSplitter()
      const bodies: number[][] = []
      const firmata: number[] = []
      for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!) {
        const part = splitter.push(stream.slice(at, at + sizes[i % sizes.length]!))
        bodies.push(...part.bodies.map((body) => [...body]))
        firmata.push(...part.firmata)
      }
      assert.equal(bodies, [[1, 77, 0, 1, 2, 3, 0], [2, 5, 0, 6, 0], [3]])
      assert.equal(firmata, [0xf9, 2, 6, 0xf0, 0x79, 1, 0, 0xf7, 0x90, 0x3c, 0])
      assert.is(splitter.broken, 0)
    }),
  )
})

test('a changed byte is noticed', () => {
  const whole = panelAck({ epoch: 5, number: 6 })
  fc.assert(
    fc.property(fc.integer({ min: 2, max: whole.length - 2 }), fc.integer({ min: 1, max: 127 }), (at, change) => {
      const broken = Uint8Array.from(whole)
      broken[at]! ^= change
      const splitter = new PanelSplitter()
      assert.equal(splitter.push(broken).bodies, [])
      assert.is(splitter.broken, 1)
    }),
  )
})

test('a message cut off by the next one costs only itself', () => {
  const whole = panelLampTest()
  const splitter = new PanelSplitter()
  assert.is(splitter.push([...whole.slice(0, 3), ...whole]).bodies.length, 1)
  assert.is(splitter.push([0xf0, PANEL_SYSEX, ...new Array(200).fill(1), 0xf7, ...whole]).bodies.length, 1)
})

test('whatever comes in, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const body of split([0xf0, PANEL_SYSEX, ...bytes, 0xf7]).bodies) parsePanel(body)
      split(bytes)
    }),
  )
})

test.run()
