/** The machine comes up: its hardware, the units of firmware/image, every source. */
import { SMART_SOCKET } from '../../../controller/wire/smart.ts'
import { type Check, must } from './lab.ts'

const CAMERAS = 4
const WORKERS = 5

export const roomChecks: readonly Check[] = [
  {
    what: 'drivers: cameras, sound, lines, disks, serial adapter',
    see: async ({ machine }) => {
      await machine.sh('systemctl start lab-hardware.service')
      const cards = await machine.sh(
        'cat /sys/class/video4linux/*/name; cat /proc/asound/card0/id; cat /sys/class/gpio/gpiochip*/label',
      )
      const seen = (word: RegExp) => cards.split('\n').filter((line) => word.test(line)).length
      must(seen(/vivid/) === CAMERAS && seen(/^Interface$/) === 1 && seen(/^courtroom$/) === 1, cards)
      const disks = await machine.sh(
        'findmnt -n -o SOURCE,TARGET,OPTIONS -t ext4 | grep /srv/; ls /dev/serial/by-id; cat /sys/block/sd?/queue/write_cache',
      )
      must((disks.match(/\/srv\/verbatim-\d .*rw/g) ?? []).length === 2 && disks.includes('write back'), disks)
      const base = await machine.sh('grep -l courtroom /sys/class/gpio/gpiochip*/label | sed "s/[^0-9]*//g"')
      return `vivid, snd-aloop, gpio-sim (lines from ${base.trim()}), virtio-scsi with write cache, ftdi_sio`
    },
  },
  {
    what: 'units of firmware/image on a booted systemd',
    needed: true,
    see: async ({ machine, recorder }) => {
      await recorder.until('the recorder answers', 60, () => true)
      const user = (await machine.sh('ps -o user= -p $(systemctl show -P MainPID verbatim-recorder)')).trim()
      must(user === 'verbatim', `the recorder runs as ${user}`)
      const failed = (await machine.sh('systemctl --failed --plain --no-legend')).trim()
      must(!failed, `failed: ${failed}`)
      return 'recorder up by itself as verbatim, no unit failed'
    },
  },
  {
    what: 'every source live, each worker a unit of its own',
    needed: true,
    see: async ({ machine, recorder }) => {
      const { status } = await recorder.until('all sources live', 90, ({ sources }) =>
        sources.every(({ state }) => state === 'live'),
      )
      const units = await machine.sh("systemctl list-units --plain --no-legend --state=running 'verbatim-capture@*'")
      must(units.trim().split('\n').length === WORKERS, units)
      const runs = status.sources.map(({ run }) => run)
      return `4 V4L2 cameras, 6 ALSA channels; runs ${runs.join(' ')}; started through polkit by verbatim`
    },
  },
  {
    what: 'SMART: asked through the root unit, and only of the stores',
    see: async ({ machine, recorder }) => {
      const { status } = await recorder.until('both disks were asked', 90, ({ stores }) =>
        stores.every(({ disk }) => disk.devices.length > 0),
      )
      const devices = status.stores.flatMap(({ disk }) => disk.devices)
      const told = devices.map(({ device, why }) => `${device} ${why ?? 'tells'}`).join(', ')
      must(!told.includes('be asked'), told)
      const ask = (user: string, device: string) =>
        machine.try(`runuser -u ${user} -- lab-ask ${device} ${SMART_SOCKET}`)
      const answer = await ask('verbatim', devices[0]!.device)
      must(answer.out.includes('"is":"said"'), answer.out + answer.err)
      const root = (await machine.sh('findmnt -n -o SOURCE /')).trim()
      const other = await ask('verbatim', root)
      must(other.out.includes('"is":"refused"'), other.out + other.err)
      must((await ask('nobody', devices[0]!.device)).code !== 0, 'anybody may ask')
      return `${told}; ${root} and other users are refused`
    },
  },
]
