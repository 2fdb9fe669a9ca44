/** The machine as QEMU is told of it: a courtroom recorder's computer, part by part. */
import type { Accelerator } from './accelerator.ts'

export interface MachineParts {
  accelerator: Accelerator
  kernel: string
  initrd: string
  /** Sockets of the disks by name: `root`, then the stores. */
  disks: Readonly<Record<string, string>>
  /** Sockets and files of the running machine lie here. */
  folder: string
  /** Listens for whoever is the front panel. */
  panelSocket: string
}

const ACCELERATORS: Record<Accelerator, string[]> = {
  kvm: ['-accel', 'kvm', '-cpu', 'host', '-smp', '2'],
  // Every instruction is translated, on one thread for each processor.
  tcg: ['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max', '-smp', '2'],
  // An instruction is a nanosecond, however long it takes here: what is slow or busy outside is not so inside.
  'tcg-own-clock': [
    '-accel',
    'tcg,thread=single,tb-size=512',
    '-icount',
    'shift=0,sleep=on',
    '-cpu',
    'max',
    '-smp',
    '1',
  ],
}

export const accelerated = (accelerator: Accelerator): string[] => ACCELERATORS[accelerator]

export const BARE = ['-nodefaults', '-no-user-config', '-display', 'none', '-machine', 'q35,usb=off']

const COMMAND_LINE =
  'console=ttyS0 quiet loglevel=3 panic=1 mitigations=off audit=0 selinux=0 apparmor=0 ' +
  'no_timer_check random.trust_cpu=on systemd.show_status=1'

const DISK = 'bus=scsi.0,write-cache=on,werror=report,rerror=report'

/** A disk's two halves, so that it can be pulled and pushed in again: what holds the bytes, and the drive in its bay. */
export const blockOf = (name: string, socket: string): Record<string, unknown> => ({
  driver: 'nbd',
  'node-name': name,
  server: { type: 'unix', path: socket },
})
export const driveOf = (name: string): Record<string, unknown> => ({
  driver: 'scsi-hd',
  id: `drive-${name}`,
  drive: name,
  serial: name,
  bus: 'scsi.0',
  'write-cache': 'on',
  werror: 'report',
  rerror: 'report',
})

const diskArguments = (name: string, socket: string): string[] => [
  ...['-blockdev', JSON.stringify(blockOf(name, socket))],
  ...['-device', `scsi-hd,id=drive-${name},drive=${name},serial=${name},${DISK}`],
]

export const qemuArguments = (parts: MachineParts): string[] => {
  const { folder } = parts
  const line = (id: string, path: string) => ['-chardev', `socket,id=${id},path=${path},server=on,wait=off`]
  return [
    ...['-name', 'verbatim-lab', ...BARE, ...accelerated(parts.accelerator), '-m', '2048'],
    ...['-kernel', parts.kernel, '-initrd', parts.initrd, '-append', COMMAND_LINE],
    // No network: recording must not need one.
    ...[
      '-nic',
      'none',
      '-rtc',
      `base=utc,clock=${parts.accelerator === 'tcg-own-clock' ? 'vm' : 'host'}`,
      '-device',
      'virtio-rng-pci',
    ],
    ...['-device', 'virtio-scsi-pci,id=scsi'],
    ...Object.entries(parts.disks).flatMap(([name, socket]) => diskArguments(name, socket)),
    ...['-device', 'virtio-serial-pci', ...line('agent', `${folder}/agent.sock`)],
    ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
    // The panel hangs on a USB serial adapter (FTDI), as an Arduino does.
    ...['-device', 'qemu-xhci,id=usb,addr=4', ...line('panel', parts.panelSocket)],
    ...['-device', 'usb-serial,id=panel-cable,chardev=panel,always-plugged=on'],
    ...['-device', 'i6300esb', '-action', 'watchdog=reset'],
    ...['-chardev', `file,id=console,path=${folder}/console.log,append=on`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${folder}/monitor.sock,server=on,wait=off`],
  ]
}
