import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { DiskFacts } from '../../controller/core/disk-facts.ts'
import { findingsOfPhysical } from '../../controller/core/disk-rules.ts'
import { DiskHealth } from '../../controller/ports/smart/disk-health.ts'
import { disksUnder, mountOf, parseMounts } from '../../controller/ports/smart/find-disks.ts'
import { readSmart } from '../../controller/ports/smart/read-smart.ts'
import { noDisks } from '../stories/stage/disk.ts'

const FIXTURES = 'test/fixtures/smart'
const fixture = (name: string): string => readFileSync(join(FIXTURES, `${name}.json`), 'utf8')

const test = suite<{ dir: string }>('disk health')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-smart-'))
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

// -- what smartctl says -----------------------------------------------------------------------------------------------

/** Of each answer: why nothing was read, or what was read and is found. */
const ANSWERS: Record<string, { unread: string } | { facts: Partial<DiskFacts>; found: string[] }> = {
  'recorded/sata-good': { facts: { kind: 'ssd', passed: true, hours: 1, reallocated: 0, serial: 'VB0001' }, found: [] },
  'recorded/nvme-good': { facts: { kind: 'nvme', passed: true, temperatureC: 50, sparePercent: null }, found: [] },
  'recorded/nvme-critical-warning': { facts: { passed: false, serial: 'VB0002' }, found: ['DISK_SAYS_FAILING'] },
  'recorded/scsi-unsupported': { unread: 'UNSUPPORTED' },
  'recorded/usb-bridge-unknown': { unread: 'UNSUPPORTED' },
  'recorded/virtio-unsupported': { unread: 'UNSUPPORTED' },
  'recorded/loop-unsupported': { unread: 'UNSUPPORTED' },
  'recorded/no-such-device': { unread: 'DEVICE_GONE' },
  'recorded/permission-denied': { unread: 'NO_PERMISSION' },
  'composed/ssd-good': {
    facts: { kind: 'ssd', wornPercent: 9, hours: 8_760, temperatureC: 33, cableErrors: 2 },
    found: [],
  },
  'composed/hdd-bad-sectors': {
    facts: {
      kind: 'hdd',
      passed: true,
      reallocated: 96,
      pending: 8,
      uncorrected: 3,
      temperatureC: 41,
      wornPercent: null,
    },
    found: ['DISK_SECTORS_LOST', 'DISK_SECTORS_MOVED'],
  },
  'composed/hdd-failing': {
    facts: { passed: false, failingNow: ['Reallocated_Sector_Ct'] },
    found: ['DISK_SAYS_FAILING', 'DISK_SECTORS_LOST', 'DISK_SECTORS_MOVED', 'DISK_OLD'],
  },
  'composed/nvme-worn': {
    facts: { wornPercent: 98, sparePercent: 18, spareLimitPercent: 10 },
    found: ['DISK_SPARE_LOW', 'DISK_WORN'],
  },
  'composed/nvme-media-errors': { facts: { uncorrected: 27, passed: true }, found: ['DISK_SECTORS_LOST'] },
  'composed/nvme-hot': { facts: { passed: true, temperatureC: 81 }, found: ['DISK_HOT'] },
  'composed/nvme-read-only': { facts: { passed: false }, found: ['DISK_SAYS_FAILING', 'DISK_SPARE_GONE', 'DISK_WORN'] },
  'composed/sas-good': { facts: { kind: 'hdd', reallocated: 0, uncorrected: 0, hours: 5_675 }, found: [] },
}

test('every answer that is kept has its row here', () => {
  const kept = ['recorded', 'composed'].flatMap((folder) =>
    readdirSync(join(FIXTURES, folder)).map((file) => `${folder}/${file.replace('.json', '')}`),
  )
  assert.equal(kept.sort(), Object.keys(ANSWERS).sort())
})

for (const [name, expected] of Object.entries(ANSWERS))
  test(name, () => {
    const { facts, unread } = readSmart(fixture(name))
    if ('unread' in expected) {
      assert.equal([unread?.code, facts], [expected.unread, null])
      assert.ok(unread?.detail)
      return
    }
    assert.equal(unread, null)
    for (const [key, value] of Object.entries(expected.facts)) assert.equal(facts?.[key as keyof DiskFacts], value, key)
    const found = findingsOfPhysical('Disk "main"', { device: '/dev/x', facts, unread: null })
    assert.equal(
      found.map(({ code }) => code),
      expected.found,
    )
  })

test('rubbish, and fields of any other shape, are never a fault', () => {
  for (const text of ['', 'Segmentation fault', '{}', '[]', 'null', '42', '{"smartctl":3}', '{"smartctl":{}', '\u0000'])
    assert.is(readSmart(text).unread?.code, 'RUBBISH', text)
  const bent = [undefined, null, [], {}, 'x', -1, 1e300, true]
  for (const name of ['composed/hdd-failing', 'composed/nvme-worn', 'composed/sas-good']) {
    const whole = JSON.parse(fixture(name))
    for (const key of Object.keys(whole).filter((one) => one !== 'smartctl'))
      for (const value of bent) {
        const { facts, unread } = readSmart(JSON.stringify({ ...whole, [key]: value }))
        assert.ok((facts === null) !== (unread === null), `${name}: ${key} ${JSON.stringify(value)}`)
      }
  }
  const table = [null, 7, 'x', { id: '5' }, { id: 197, raw: { string: '3 of many' } }, { id: 5, raw: 'none' }]
  const odd = JSON.stringify({ smartctl: {}, ata_smart_attributes: { table } })
  assert.equal([readSmart(odd).facts?.pending, readSmart(odd).facts?.reallocated], [3, null])
})

// -- which disk -------------------------------------------------------------------------------------------------------

test('the deepest mount is the one, of several at one place the last, and names may hold blanks', () => {
  const mounts = parseMounts(
    [
      '27 1 254:0 / / rw - ext4 /dev/vda rw,discard',
      '30 27 8:1 / /srv rw,noatime master:1 shared:2 - ext4 /dev/sda1 rw',
      '31 27 8:17 / /srv/two\\040words rw - ext4 /dev/sdb1 rw',
      '32 27 8:33 / /srv rw - ext4 /dev/sdc1 rw',
      'rubbish',
    ].join('\n'),
  )
  const at = (path: string) => mountOf(mounts, path)?.source
  assert.equal(['/', '/srv', '/srv/a', '/srvx', '/srv/two words/x'].map(at), [
    '/dev/vda',
    '/dev/sdc1',
    '/dev/sdc1',
    '/dev/vda',
    '/dev/sdb1',
  ])
  assert.is(mountOf([], '/'), null)
})

/** A kernel's files: a disk with a partition, a mirror (md0) of two partitions, and encryption (dm-0) on it. */
const kernelIn = (dir: string, mounted: string) => {
  const devices = join(dir, 'sys/devices')
  for (const disk of ['sda', 'sdb']) mkdirSync(join(devices, disk, `${disk}1`), { recursive: true })
  for (const disk of ['sda', 'sdb']) writeFileSync(join(devices, disk, `${disk}1`, 'partition'), '1\n')
  for (const [name, parts] of Object.entries({ md0: ['sda/sda1', 'sdb/sdb1'], 'dm-0': ['md0'] })) {
    mkdirSync(join(devices, name, 'slaves'), { recursive: true })
    for (const part of parts) symlinkSync(join(devices, part), join(devices, name, 'slaves', part.split('/').at(-1)!))
  }
  mkdirSync(join(devices, 'cciss!c0d0'))
  mkdirSync(join(dir, 'sys/dev/block'), { recursive: true })
  const numbers = { '8:1': 'sda/sda1', '8:0': 'sda', '9:0': 'md0', '253:0': 'dm-0', '104:0': 'cciss!c0d0' }
  for (const [number, at] of Object.entries(numbers)) symlinkSync(join(devices, at), join(dir, 'sys/dev/block', number))
  const mountinfo = join(dir, 'mountinfo')
  writeFileSync(mountinfo, `27 1 ${mounted} / / rw - ext4 /nowhere rw\n`)
  return { mountinfo, sys: join(dir, 'sys') }
}

test('through partitions, RAID and encryption down to what can be taken out', async ({ dir }) => {
  const cases: Record<string, string[]> = {
    '8:0': ['/dev/sda'],
    '8:1': ['/dev/sda'],
    '9:0': ['/dev/sda', '/dev/sdb'],
    '253:0': ['/dev/sda', '/dev/sdb'],
    '104:0': ['/dev/cciss/c0d0'],
    '0:42': [],
  }
  for (const [mounted, disks] of Object.entries(cases))
    assert.equal(await disksUnder('/', kernelIn(mkdtempSync(join(dir, 'k-')), mounted)), disks, mounted)
})

test('the disk of a folder on this machine is a block device, and of tmpfs there is none', async () => {
  const [disk] = await disksUnder(process.cwd())
  if (disk) execFileSync('test', ['-b', disk])
  else console.log('SKIPPED  no block device beneath this folder')
  assert.equal(await disksUnder('/dev/shm'), [])
})

// -- asking -----------------------------------------------------------------------------------------------------------

/** A program in the place of smartctl. */
const program = (dir: string, script: string): string[] => {
  const file = join(dir, 'smartctl')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return [file]
}

const asked = async (dir: string, words: string[], limitMs = 20_000) => {
  const health = new DiskHealth({ smartctl: { program: words, limitMs }, kernel: kernelIn(dir, '8:0') })
  const { disks } = await health.examine({ path: '/' })
  return disks[0]!
}

test('what a child says is read, whatever its exit code', async ({ dir }) => {
  const file = join(process.cwd(), FIXTURES, 'composed/hdd-failing.json')
  const { device, facts } = await asked(dir, program(dir, `test "$*" = "--json=c -a /dev/sda" && cat ${file}; exit 24`))
  assert.equal([device, facts?.serial, facts?.passed], ['/dev/sda', 'C0003', false])
})

test('children that misbehave: missing, silent, babbling, dying', async ({ dir }) => {
  const codeOf = async (words: string[], limitMs?: number) =>
    (await asked(mkdtempSync(join(dir, 'a-')), words, limitMs)).unread?.code
  assert.is(await codeOf([join(dir, 'nowhere')]), 'NO_SMARTCTL')
  assert.is(await codeOf(['nice', '-n', '19', join(dir, 'nowhere')]), 'NO_SMARTCTL')
  assert.is(await codeOf(program(dir, 'exec sleep 300'), 500), 'HANGS')
  assert.is(await codeOf(program(dir, 'trap "" TERM INT; sleep 300 & wait; wait'), 500), 'HANGS')
  assert.is(await codeOf(program(dir, 'kill -SEGV $$')), 'RUBBISH')
  assert.is(await codeOf(program(dir, 'echo "smartctl: no"; exit 1')), 'RUBBISH')
  assert.is(await codeOf(program(dir, 'yes rubbish')), 'RUBBISH')
})

test('two questions never overlap, and one that hangs holds up the next no longer than its limit', async ({ dir }) => {
  const said = join(dir, 'said')
  const words = program(dir, `echo begin >>${said}; sleep 0.3; echo end >>${said}`)
  const health = new DiskHealth({ smartctl: { program: words, limitMs: 20_000 }, kernel: kernelIn(dir, '9:0') })
  await Promise.all([health.examine({ path: '/' }), health.examine({ path: '/' })])
  assert.is(readFileSync(said, 'utf8'), 'begin\nend\n'.repeat(4), 'two disks of a mirror, asked twice')
})

test('another disk than the one named is told of, and a folder that is gone is no fault', async ({ dir }) => {
  const health = new DiskHealth({
    smartctl: { program: program(dir, 'exit 1'), limitMs: 20_000 },
    kernel: kernelIn(dir, '8:0'),
  })
  assert.is((await health.examine({ path: '/' })).otherThanNamed, null)
  const other = await health.examine({ path: '/', device: '/dev/disk/by-id/ata-gone' })
  assert.match(other.otherThanNamed ?? '', /ata-gone is no disk; at \/ is \/dev\/sda/)
  const gone = await health.examine({ path: join(dir, 'nowhere') })
  assert.equal(
    gone.disks.map(({ unread }) => unread?.code),
    ['DEVICE_GONE'],
  )
})

test('the real smartctl on a real loop disk, found from its mount', async ({ dir }) => {
  const why = noDisks()
  if (why) return console.log(`SKIPPED  a loop disk: ${why}`)
  const [image, path] = [join(dir, 'disk.img'), join(dir, 'mounted')]
  execFileSync('truncate', ['-s', '8M', image])
  execFileSync('mkfs.ext4', ['-q', image])
  mkdirSync(path)
  execFileSync('mount', ['-o', 'loop', image, path])
  try {
    const device = execFileSync('findmnt', ['-no', 'SOURCE', path], { encoding: 'utf8' }).trim()
    const exam = await new DiskHealth().examine({ path, device })
    assert.is(exam.otherThanNamed, null)
    assert.equal(
      exam.disks.map((disk) => [disk.device, disk.unread?.code]),
      [[device, 'UNSUPPORTED']],
    )
  } finally {
    execFileSync('umount', [path])
  }
})

test.run()
