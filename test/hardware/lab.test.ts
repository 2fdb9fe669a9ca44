// The lab's parsers and settings; the machine itself is scripts/lab.
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../controller/journal/entry.ts'
import { parseBoardProfile } from '../../controller/wire/board-profile.ts'
import { parseConfig } from '../../controller/wire/config.ts'
import { JsonLines } from '../../hardware/lab/json-link.ts'
import { lossOf } from '../../hardware/lab/loss.ts'
import { STORES } from '../../hardware/lab/machine.ts'
import { qemuArguments } from '../../hardware/lab/qemu-arguments.ts'
import { entriesOf, STORE_PATHS } from '../../hardware/lab/recorder.ts'
import { readLabOptions } from '../../scripts/lib/lab/options.ts'
import { seenTable } from '../../scripts/lib/lab/report.ts'

const read = (path: string): string => readFileSync(`hardware/lab/guest/${path}`, 'utf8')

test('the machine is configured as the recorder wants it', () => {
  const config = parseConfig(JSON.parse(read('etc/verbatim/recorder.json')))
  assert.equal(
    config.stores.map(({ path }) => path),
    [...STORE_PATHS],
  )
  assert.is(config.workers, 'systemd')
  assert.is(config.board?.profile, '/etc/verbatim/board.json')
  assert.is(parseBoardProfile(JSON.parse(read('etc/verbatim/board.json'))).driver, 'sysfs')
  for (const [i, name] of STORES.entries()) {
    const line = read('etc/fstab')
      .split('\n')
      .find((one) => one.startsWith(`LABEL=${name}   ${STORE_PATHS[i]} `))
    // Without it nobody mounts a disk that is pushed in again.
    assert.match(line ?? '', `x-systemd.wanted-by=dev-disk-by\\x2dlabel-${name.replace('-', '\\x2d')}.device`)
  }
})

test('answers come whole, whatever the pieces', () => {
  const lines = new JsonLines()
  assert.equal(lines.push(Buffer.from('{"return"')), [])
  assert.equal(lines.push(Buffer.from(': 1}\r\n{"event": "STOP"}\n{"ret')), [{ return: 1 }, { event: 'STOP' }])
  assert.equal(lines.push(Buffer.from('urn": "ж"}\n')), [{ return: 'ж' }])
})

test('the end of an answer whose begin nobody heard is left out', () => {
  const lines = new JsonLines()
  assert.equal(lines.push(Buffer.from('rn": 7}\n{"half": \xff{"return": 8}\n', 'latin1')), [{ return: 8 }])
})

const entry = (body: object): Entry => ({ utc: '', ...body }) as unknown as Entry

test('a loss is counted from the end of what a track holds', () => {
  const fragment = (track: string, mediaMs: number) => ({ track, mediaMs, durationMs: 500 })
  const entries = [
    entry({ kind: 'hearing-opened', zeroMonoMs: 1_000 }),
    entry({ kind: 'clock', monoMs: 900, utcMs: 50_000 }),
    entry({ kind: 'fragments', fragments: [fragment('a', 0), fragment('b', 0), fragment('a', 500)] }),
    entry({ kind: 'found', fragments: [fragment('a', 1_000)] }),
  ]
  // Media time 0 is at 50,100.
  const losses = lossOf(entries, ['a', 'b', 'c'], 51_700)
  assert.equal(
    losses.map(({ lostMs }) => lostMs),
    [100, 1_100, 1_600],
  )
})

test('a torn last line of a journal is left out', () => {
  assert.is(entriesOf('{"kind":"mark"}\n{"kind":"ma').length, 1)
})

test('the clock of the machine is its own only where that is wanted', () => {
  const parts = { kernel: 'k', initrd: 'i', disks: { root: 'r.sock' }, folder: '/f', panelSocket: '/f/p.sock' }
  const line = (accelerator: 'tcg' | 'tcg-own-clock') => qemuArguments({ ...parts, accelerator }).join(' ')
  assert.match(line('tcg'), 'clock=host')
  assert.not.match(line('tcg'), '-icount')
  assert.match(line('tcg-own-clock'), '-icount shift=0')
  assert.match(line('tcg-own-clock'), 'clock=vm')
  assert.match(line('tcg'), 'write-cache=on')
})

test('a command line is read, and a wrong one named', () => {
  assert.equal(readLabOptions([]), { cuts: null, ownClock: false, keep: false })
  assert.equal(readLabOptions(['power-cuts']), { cuts: 20, ownClock: false, keep: false })
  assert.equal(readLabOptions(['--own-clock', 'power-cuts', '3', '--keep']), { cuts: 3, ownClock: true, keep: true })
  for (const [words, said] of [
    [['power-cut'], /knows no "power-cut"/],
    [['power-cuts', 'many'], /not "many"/],
    [['power-cuts', '0'], /not "0"/],
    [['power-cuts', '3', '4'], /"4" is one word too many/],
    [['--fast'], /--fast/],
  ] as const)
    assert.throws(() => readLabOptions([...words]), said)
})

test('what was seen is a table', () => {
  const table = seenTable([
    { what: 'a', result: 'ok', detail: 'one\ntwo' },
    { what: 'long', result: 'FAILED', detail: 'why' },
  ])
  assert.is(table, '  a     ok         one\n  long  FAILED     why')
})

test.run()
