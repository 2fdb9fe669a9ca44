/** The root program that asks the disks for the recorder: what it answers, whom, and what the recorder makes of it. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { answerAbout } from '../../controller/ports/smart/answer.ts'
import { askRoot } from '../../controller/ports/smart/ask-root.ts'
import { DiskHealth } from '../../controller/ports/smart/disk-health.ts'
import { noDisks } from '../stories/stage/disk.ts'
import { until } from '../stories/stage/until.ts'

interface Desk {
  dir: string
  /** What listens at its socket; ended after each test. */
  servers: Server[]
  children: ChildProcess[]
}
const test = suite<Desk>('disk health through root')
test.before.each((desk) => {
  desk.dir = mkdtempSync(join(tmpdir(), 'verbatim-smart-root-'))
  desk.servers = []
  desk.children = []
})
test.after.each(({ dir, servers, children }) => {
  for (const server of servers) server.close()
  for (const child of children) child.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

/** A kernel on which `/` lies on sda, and a program in the place of smartctl. */
const machine = (dir: string, script = 'echo "$*"') => {
  mkdirSync(join(dir, 'sys/devices/sda'), { recursive: true })
  mkdirSync(join(dir, 'sys/dev/block'), { recursive: true })
  symlinkSync(join(dir, 'sys/devices/sda'), join(dir, 'sys/dev/block/8:0'))
  writeFileSync(join(dir, 'mountinfo'), '27 1 8:0 / / rw - ext4 /nowhere rw\n')
  writeFileSync(join(dir, 'smartctl'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(dir, 'smartctl'), 0o755)
  return {
    kernel: { mountinfo: join(dir, 'mountinfo'), sys: join(dir, 'sys') },
    smartctl: { program: [join(dir, 'smartctl')], limitMs: 20_000 },
  }
}

test('a disk beneath a store is asked, with one fixed command', async ({ dir }) => {
  const answer = await answerAbout('/dev/sda', { stores: ['/'], ...machine(dir) })
  assert.equal(answer, { is: 'said', text: '--json=c -a /dev/sda\n' })
})

test('nothing else is asked, whatever is sent', async ({ dir }) => {
  const asked = join(dir, 'asked')
  const options = { stores: [join(dir, 'gone'), '/'], ...machine(dir, `touch ${asked}`) }
  for (const device of ['/dev/sdb', '/dev/sda1', '/dev/../dev/sda', '-a', '--set=standby,now', '', '/dev/sda -s off'])
    assert.is((await answerAbout(device, options)).is, 'refused', device)
  assert.not(existsSync(asked))
})

test('a store that is gone does not keep the other from being asked', async ({ dir }) => {
  const { is } = await answerAbout('/dev/sda', { stores: [join(dir, 'gone'), '/'], ...machine(dir) })
  assert.is(is, 'said')
})

/** Something in the place of the root program; returns where it listens. */
const listening = async ({ dir, servers }: Desk, serve: (socket: Socket) => void): Promise<string> => {
  const path = join(dir, `${servers.length}.sock`)
  const server = createServer((socket) => serve(socket.on('error', () => {})))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return path
}

test('where nobody listens the recorder asks by itself', async ({ dir }) => {
  assert.is(await askRoot(join(dir, 'none.sock'), '/dev/sda', 1_000), null)
  const { kernel, smartctl } = machine(dir, 'echo rubbish')
  const { disks } = await new DiskHealth({ kernel, smartctl, socket: join(dir, 'none.sock') }).examine({ path: '/' })
  assert.is(disks[0]?.unread?.code, 'RUBBISH')
})

test('what the root program says is what smartctl says', async (desk) => {
  const { kernel, smartctl } = machine(desk.dir, 'exit 1')
  const text = readFileSync('test/fixtures/smart/recorded/sata-good.json', 'utf8')
  const codes: unknown[] = []
  for (const answer of [{ is: 'said', text }, { is: 'missing' }, { is: 'silent' }, { is: 'refused', why: 'no' }]) {
    const socket = await listening(desk, (asked) =>
      asked.once('data', (line) => asked.end(String(line) === '/dev/sda\n' ? `${JSON.stringify(answer)}\n` : '')),
    )
    const { disks } = await new DiskHealth({ kernel, smartctl, socket }).examine({ path: '/' })
    codes.push(disks[0]?.facts?.serial ?? disks[0]?.unread?.code)
  }
  assert.equal(codes, ['VB0001', 'NO_SMARTCTL', 'HANGS', 'NO_PERMISSION'])
})

test('a root program that misbehaves holds nobody up, and is no fault of the recorder', async (desk) => {
  const ask = async (serve: (socket: Socket) => void, limitMs = 20_000) =>
    askRoot(await listening(desk, serve), '/dev/sda', limitMs)
  assert.equal(await ask(() => {}, 200), { is: 'silent' })
  assert.equal(await ask((socket) => socket.end()), { is: 'silent' })
  assert.equal(await ask((socket) => socket.end('rubbish')), { is: 'said', text: 'rubbish' })
  const babble = (socket: Socket): void =>
    void socket.write('x'.repeat(1 << 20), (fault) => (fault ? undefined : babble(socket)))
  assert.is((await ask(babble))?.is, 'said')
})

/** The program itself, asked as the socket unit has it asked. */
const program = async (desk: Desk, config: object): Promise<string> => {
  const [file, path] = [join(desk.dir, 'recorder.json'), join(desk.dir, 'smart.sock')]
  writeFileSync(file, JSON.stringify(config))
  const words = ['--accept', '--inetd', '--listen', path, process.execPath, '--import', 'tsx', 'controller/smart.ts']
  const env = Object.entries(process.env).map(([name, value]) => `--setenv=${name}=${value}`)
  desk.children.push(spawn('systemd-socket-activate', [...env, ...words, '--config', file], { stdio: 'ignore' }))
  await until('the socket', 10, () => existsSync(path))
  return path
}

test('asked on its socket, the program tells of a disk beneath a store and of no other', async (desk) => {
  const why = noDisks() ?? (spawnSync('systemd-socket-activate', ['--version']).error ? 'no systemd' : null)
  if (why) return console.log(`SKIPPED  the root program: ${why}`)
  const [image, mounted] = [join(desk.dir, 'disk.img'), join(desk.dir, 'mounted')]
  execFileSync('truncate', ['-s', '8M', image])
  execFileSync('mkfs.ext4', ['-q', image])
  mkdirSync(mounted)
  execFileSync('mount', ['-o', 'loop', image, mounted])
  try {
    const device = execFileSync('findmnt', ['-no', 'SOURCE', mounted], { encoding: 'utf8' }).trim()
    const example = JSON.parse(readFileSync('controller/wire/config.example.json', 'utf8')) as object
    const socket = await program(desk, { ...example, stores: [{ name: 'store', path: mounted }] })
    const said = await askRoot(socket, device, 60_000)
    assert.match(JSON.stringify(said), /"is":"said".*smartctl/)
    assert.is((await askRoot(socket, '/dev/vda', 60_000))?.is, 'refused')
    const exam = await new DiskHealth({ socket }).examine({ path: mounted })
    assert.equal(
      exam.disks.map((disk) => [disk.device, disk.unread?.code]),
      [[device, 'UNSUPPORTED']],
    )
  } finally {
    execFileSync('umount', [mounted])
  }
})

test.run()
