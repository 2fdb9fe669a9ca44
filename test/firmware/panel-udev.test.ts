/** The panels' udev rules, by udev itself, in a mount namespace where its /dev and /run are ours. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const RULES = resolve('firmware/image/70-verbatim-panel.rules')

/** A virtual terminal that says it is a board; then what udev makes of it: its properties, and its node. */
const SCRIPT = `set -e
mount -t tmpfs none /run
mkdir -p /run/udev/rules.d
echo "$PRETENDS" > /run/udev/rules.d/61-pretend.rules
sed "$CHANGE" "$RULES" > /run/udev/rules.d/70-verbatim-panel.rules
mount -t tmpfs none /dev
mknod /dev/null c 1 3
mknod /dev/tty0 c 4 0
udevadm test --action=add /sys/class/tty/tty0 2>&1
stat -c 'NODE %a %G' /dev/tty0`

const udev = (pretends: Record<string, string>, change = ''): { status: number | null; said: string } => {
  const PRETENDS = Object.entries(pretends)
    .map(([key, value]) => `ENV{${key}}="${value}"`)
    .join(', ')
  const env = { ...process.env, PRETENDS, CHANGE: change, RULES }
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', SCRIPT], { encoding: 'utf8', env })
  return { status, said: `${stdout}${stderr}` }
}

const BOARD = {
  ID_BUS: 'usb',
  ID_VENDOR_ID: '1a86',
  ID_PATH: 'pci-0000:00:14.0-usb-0:2:1.0',
  ID_PATH_TAG: 'pci-0000_00_14_0-usb-0_2_1_0',
}

const { status, said } = udev(BOARD)

if (status === 0) {
  test('a board gets a name by its socket, and ModemManager is kept away', () => {
    assert.match(said, /^DEVLINKS=\/dev\/verbatim\/panel-at-pci-0000_00_14_0-usb-0_2_1_0$/m)
    assert.match(said, /^ID_MM_DEVICE_IGNORE=1$/m)
    assert.match(said, /^ID_MM_PORT_IGNORE=1$/m)
    assert.match(said, /^NODE 660 dialout$/m)
    assert.not.match(said, /70-verbatim-panel\.rules:\d+ (Invalid|Unknown|Failed)/)
  })

  test('and one by its serial number where it has one', () => {
    const { said } = udev({ ...BOARD, ID_VENDOR_ID: '2341', ID_SERIAL_SHORT: '75330303035351F0C1D2' })
    assert.match(said, /^DEVLINKS=.*\/dev\/verbatim\/panel-no-75330303035351F0C1D2/m)
  })

  test('a modem is none', () => {
    const { said } = udev({ ...BOARD, ID_VENDOR_ID: '12d1' })
    assert.not.match(said, /verbatim\/panel|ID_MM_DEVICE_IGNORE/)
  })

  test('a mistake in the rules would be told', () => {
    assert.match(udev(BOARD, 's/SYMLINK/SYMLNK/').said, /70-verbatim-panel\.rules:\d+ Invalid key/)
  })
} else console.log(`SKIPPED  the panels' udev rules: ${said.trim().split('\n').at(-1)}`)

test.run()
