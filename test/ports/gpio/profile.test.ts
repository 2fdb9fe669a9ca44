/** A wrong profile, and lines that cannot be had: a code, a message that says what to mend, and never a crash. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../../controller/base/error.ts'
import { readBoardProfile } from '../../../controller/ports/gpio/board.ts'
import { findLine, gpioChips } from '../../../controller/ports/gpio/find-line.ts'
import { VirtualBoard } from '../../../hardware/virtual/board/virtual-board.ts'
import { HeardBoard, newDir, writeProfile } from '../../builders/board.ts'
import { until } from '../../stories/stage/until.ts'

const faultOf = (act: () => unknown): { code: string; message: string } => {
  try {
    act()
  } catch (fault) {
    return { code: codeOf(fault), message: (fault as Error).message }
  }
  return { code: 'none', message: '' }
}

const sysfs = (inputs: unknown): unknown => ({ driver: 'sysfs', name: 'Board', inputs })

const WRONG: [what: string, profile: unknown, says: RegExp][] = [
  ['no JSON', '{ "driver": ', /JSON/],
  ['an empty file', '', /JSON/],
  ['an unknown driver', { driver: 'telepathy', name: 'Board' }, /driver/],
  ['an unknown line', sysfs({ moon: { chip: 'a', offset: 1 } }), /inputs: unknown key "moon"/],
  ['no offset', sysfs({ 'case-open': { chip: 'a' } }), /inputs\.case-open\.offset/],
  ['an offset below 0', sysfs({ 'case-open': { chip: 'a', offset: -1 } }), /inputs\.case-open\.offset/],
  ['half a line', sysfs({ 'case-open': { chip: 'a', offset: 1.5 } }), /inputs\.case-open\.offset/],
  ['an output as input', sysfs({ buzzer: { chip: 'a', offset: 1 } }), /unknown key "buzzer"/],
  ['a socket for real lines', { ...(sysfs({}) as object), socket: 'a' }, /unknown key "socket"/],
  [
    'one line twice',
    sysfs({ 'case-open': { chip: 'a', offset: 1 }, 'battery-low': { chip: 'a', offset: 1 } }),
    /line a 1 is already used at inputs\.battery-low/,
  ],
]

for (const [what, profile, says] of WRONG)
  test(`a profile with ${what} is refused`, () => {
    const { code, message } = faultOf(() => readBoardProfile(writeProfile(newDir(), profile)))
    assert.is(code, 'BOARD_PROFILE_INVALID')
    assert.match(message, says)
  })

test('a profile that is not there is refused', () =>
  assert.is(faultOf(() => readBoardProfile('/nowhere/board.json')).code, 'BOARD_PROFILE_INVALID'))

test('every published profile is valid', () => {
  const profiles = readdirSync('hardware/profiles').filter((name) => name.endsWith('.json'))
  assert.ok(profiles.length >= 4)
  for (const name of profiles) readBoardProfile(join('hardware/profiles', name))
})

/** Folders as the kernel makes them. */
const chipsIn = (chips: Record<string, [label: string, base: number, lines: number]>): string => {
  const dir = newDir()
  for (const [name, [label, base, lines]] of Object.entries(chips)) {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'label'), `${label}\n`)
    writeFileSync(join(dir, name, 'base'), `${base}\n`)
    writeFileSync(join(dir, name, 'ngpio'), `${lines}\n`)
  }
  return dir
}

test('a line is found by label, wherever the kernel begins to count', () => {
  const older = gpioChips(chipsIn({ gpiochip0: ['pinctrl-rp1', 0, 54] }))
  assert.is(findLine(older, 'pinctrl-rp1', 5), 5)
  const newer = gpioChips(
    chipsIn({ gpiochip512: ['gpio-brcmstb', 512, 32], gpiochip571: ['pinctrl-rp1', 571, 54], export: ['', 0, 0] }),
  )
  assert.is(findLine(newer, 'pinctrl-rp1', 5), 576)
})

test('a chip that is unknown, or known twice, and a line beyond its end are told apart', () => {
  const chips = gpioChips(
    chipsIn({ gpiochip1: ['one', 512, 8], gpiochip2: ['two', 520, 8], gpiochip3: ['two', 528, 8] }),
  )
  const of = (label: string, offset: number) => faultOf(() => findLine(chips, label, offset))
  assert.is(of('three', 0).code, 'BOARD_CHIP_UNKNOWN')
  assert.match(of('three', 0).message, 'there are: "one", "two", "two"')
  assert.is(of('two', 0).code, 'BOARD_CHIP_UNKNOWN')
  assert.match(of('two', 0).message, '2 GPIO chips')
  assert.is(of('one', 8).code, 'BOARD_LINE_UNUSABLE')
  assert.match(of('one', 8).message, 'lines 0 to 7, not 8')
})

test('a chip that is pulled out while it is read is passed over', () => {
  const dir = chipsIn({ gpiochip1: ['one', 512, 8] })
  mkdirSync(join(dir, 'gpiochip2'))
  assert.equal(gpioChips(dir), [{ label: 'one', base: 512, lines: 8 }])
})

test('a machine without GPIO lines is told so', () => {
  const { code, message } = faultOf(() => gpioChips('/nowhere'))
  assert.is(code, 'BOARD_CHIP_UNKNOWN')
  assert.match(message, 'CONFIG_GPIO_SYSFS')
})

test('a profile that is put right is taken without a restart', async () => {
  const dir = newDir()
  const heard = new HeardBoard(writeProfile(dir, '{'), { runtimeDir: dir })
  await until('lost', 20, () => heard.count('lost') === 1)
  writeProfile(dir, sysfs({ 'case-open': { chip: 'no such chip', offset: 0 } }))
  await until('another reason', 20, () => heard.count('lost') === 2)
  assert.equal(heard.told, ['lost BOARD_PROFILE_INVALID', 'lost BOARD_CHIP_UNKNOWN'])
  const board = new VirtualBoard(join(dir, 'board.sock'))
  await board.ready
  writeProfile(dir, { driver: 'virtual', name: 'Virtual', socket: 'board.sock' })
  await until('found', 20, () => heard.told.includes('found Virtual') && heard.line('mains-good') === 'on')
  heard.board.close()
  await board.close()
})

test.run()
