import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flashOf } from '../../hardware/virtual/panel/hex.ts'
import { PANEL_HEX } from '../../hardware/virtual/panel/virtual-panel.ts'

const README = readFileSync('firmware/panel/README.md', 'utf8')

test('panel.hex is what the source makes', () => {
  const { status, stdout, stderr } = spawnSync('make', ['-C', 'firmware/panel', '--no-print-directory', 'compare'], {
    encoding: 'utf8',
  })
  if (stdout.startsWith('SKIPPED')) console.log(stdout.trim())
  assert.is(status, 0, `${stdout}${stderr}`)
})

test('panel.hex leaves room for a bootloader', () => {
  const flash = flashOf(PANEL_HEX)
  assert.is(flash[0] === 0xffff, false)
  assert.ok(flash.subarray(0x7800 / 2).every((word) => word === 0xffff))
})

test('the README has every module, and the protocol as protocol.h has it', () => {
  for (const file of readdirSync('firmware/panel')) {
    if (file.endsWith('.c') || file === 'protocol.h' || file === 'board.h')
      assert.ok(README.includes(`| \`${file}\` `), file)
  }
  const header = readFileSync('firmware/panel/protocol.h', 'utf8')
  const fields = (text: string) => [...text.matchAll(/\b(\w+)\((\d)\)/g)].map(([field]) => field)
  for (const name of ['STATE', 'EVENT']) {
    const [, there = ''] = new RegExp(`/\\* ([^*]*) \\*/\n#define PANEL_${name}_BYTES `).exec(header) ?? []
    const [, here = ''] = new RegExp(`^\\| ${name} (.*)$`, 'm').exec(README) ?? []
    assert.ok(fields(there).length > 5, name)
    assert.equal(fields(here), fields(there), name)
  }
})

test.run()
