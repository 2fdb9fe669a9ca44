import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SMART_SOCKET } from '../../controller/wire/smart.ts'
import { workerFiles } from '../../controller/wire/worker-order.ts'

const read = (path: string): string => readFileSync(path, 'utf8')
const RECORDER = read('firmware/image/verbatim-recorder.service')
const CAPTURE = read('firmware/image/verbatim-capture@.service')
const SMART = read('firmware/image/verbatim-smart@.service')
const SMART_LISTENS = read('firmware/image/verbatim-smart.socket')
const LAUNCH = read('controller/ports/capture-link/launch.ts')

/** The values of a setting, in their order. */
const settings = (unit: string, name: string): string[] =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!)

const hasVerify = spawnSync('systemd-analyze', ['--version']).status === 0

/** What `systemd-analyze verify` says of a unit, with this Node instead of the machine's. */
const verify = (name: string, unit: string): { status: number | null; said: string } => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-units-'))
  const all = {
    ...{ 'verbatim-recorder.service': RECORDER, 'verbatim-capture@.service': CAPTURE },
    ...{ 'verbatim-smart@.service': SMART, 'verbatim-smart.socket': SMART_LISTENS, [name]: unit },
  }
  for (const [file, text] of Object.entries(all))
    writeFileSync(join(dir, file), text.replace(/^ExecStart=node /m, `ExecStart=${process.execPath} `))
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(dir, name)], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${dir}:` },
  })
  rmSync(dir, { recursive: true })
  return { status, said: stderr.trim() }
}

if (hasVerify) {
  test('systemd takes the units without a word', () => {
    assert.equal(verify('verbatim-recorder.service', RECORDER), { status: 0, said: '' })
    assert.equal(verify('verbatim-capture@judge-camera.service', CAPTURE), { status: 0, said: '' })
    assert.equal(verify('verbatim-smart@0.service', SMART), { status: 0, said: '' })
    assert.equal(verify('verbatim-smart.socket', SMART_LISTENS), { status: 0, said: '' })
  })

  test('and would not take a unit with a mistake', () => {
    assert.match(verify('verbatim-recorder.service', RECORDER.replace('KillMode=', 'KilMode=')).said, 'KilMode')
  })
} else console.log('SKIPPED  systemd-analyze verify: there is no systemd-analyze')

test('the recorder starts the very unit that is installed', () => {
  const [, unit] = /const unit = `([^`]*)`/.exec(LAUNCH) ?? []
  assert.is(unit, `verbatim-capture@\${source.name}.service`)
  assert.match(LAUNCH, `spawn('systemctl', ['restart'`)
})

test('a worker finds its order, with a hyphen in its name as it is', () => {
  const [runtimeDir = ''] = settings(RECORDER, 'RuntimeDirectory')
  const [command = ''] = settings(CAPTURE, 'ExecStart')
  const { order } = workerFiles(`/run/${runtimeDir}`, 'judge-camera')
  assert.is(command.replace('%i', 'judge-camera'), `node /opt/verbatim/dist/capture.js ${order}`)
})

test('a worker has the same surroundings, spawned or started as a unit', () => {
  const constants = Object.fromEntries([...LAUNCH.matchAll(/^const ([A-Z]+) = '(\d+)'$/gm)].map(([, n, v]) => [n, v]))
  const spawned = [...LAUNCH.matchAll(/([A-Z_]+): (THREADS|ARENAS)\b/g)].map(
    ([, name, of]) => `${name}=${constants[of!]}`,
  )
  assert.is(spawned.length, 2)
  assert.equal(settings(CAPTURE, 'Environment'), [spawned.join(' ')])
})

test('nothing ties a worker to the life of the recorder (R10)', () => {
  for (const tie of ['PartOf', 'BindsTo', 'Requires', 'Requisite', 'ConsistsOf', 'RuntimeDirectory'])
    assert.equal(settings(CAPTURE, tie), [], tie)
  assert.equal(settings(RECORDER, 'KillMode'), ['process'])
  assert.equal(settings(RECORDER, 'KillSignal'), ['SIGTERM'])
  assert.equal(settings(RECORDER, 'RuntimeDirectoryPreserve'), ['yes'])
  assert.equal(settings(CAPTURE, 'Restart'), ['no'])
  assert.equal(settings(RECORDER, 'Restart'), ['always'])
})

test('a worker, which parses what cameras send, cannot reach the key of the device', () => {
  const [stateDirectory = ''] = settings(RECORDER, 'StateDirectory')
  assert.equal(settings(CAPTURE, 'InaccessiblePaths'), [`-/var/lib/${stateDirectory}/device`])
  assert.match(read('controller/recorder.ts'), "join(config.stateDir, 'device')")
})

test('hardening leaves cameras, sound cards and compilers at work', () => {
  for (const unit of [RECORDER, CAPTURE])
    for (const trap of ['PrivateDevices', 'DeviceAllow', 'ProtectClock', 'MemoryDenyWriteExecute', 'PrivateNetwork'])
      assert.equal(settings(unit, trap), [], trap)
  assert.equal(settings(CAPTURE, 'SupplementaryGroups'), ['video audio'])
})

test('what runs as root runs one fixed command, and only the recorder may have it run', () => {
  assert.equal(settings(SMART, 'ExecStart'), ['node /opt/verbatim/dist/smart.js --config /etc/verbatim/recorder.json'])
  assert.equal(settings(SMART, 'CapabilityBoundingSet'), ['CAP_SYS_RAWIO CAP_SYS_ADMIN'])
  assert.equal(settings(SMART, 'StandardInput'), ['socket'])
  assert.equal(settings(SMART_LISTENS, 'ListenStream'), [SMART_SOCKET])
  assert.equal(settings(SMART_LISTENS, 'SocketUser'), settings(RECORDER, 'User'))
  assert.equal(settings(SMART_LISTENS, 'SocketMode'), ['0600'])
  assert.equal(settings(RECORDER, 'Wants'), ['verbatim-smart.socket'])
})

interface Action {
  id: string
  lookup: (name: string) => string | undefined
}
type Rule = (action: Action, subject: { user: string }) => string

/** What the polkit rule answers. */
const rule = (() => {
  let added: Rule | undefined
  const polkit = {
    Result: { YES: 'yes', NOT_HANDLED: 'not handled' },
    addRule: (one: Rule) => {
      added = one
    },
  }
  runInNewContext(read('firmware/image/50-verbatim.rules'), { polkit })
  return (unit: string | undefined, verb: string | undefined, user = 'verbatim', id = 'systemd1.manage-units') =>
    added?.({ id: `org.freedesktop.${id}`, lookup: (name) => (name === 'unit' ? unit : verb) }, { user })
})()

test('the recorder may switch the machine off, and not restart it; nobody else may', () => {
  assert.is(rule(undefined, undefined, 'verbatim', 'login1.power-off'), 'yes')
  assert.is(rule(undefined, undefined, 'verbatim', 'login1.power-off-multiple-sessions'), 'yes')
  assert.is(rule(undefined, undefined, 'nobody', 'login1.power-off'), 'not handled')
  for (const id of ['login1.reboot', 'login1.power-off-ignore-inhibit', 'login1.power-off.evil'])
    assert.is(rule(undefined, undefined, 'verbatim', id), 'not handled', id)
})

test('the recorder may restart its workers, and nothing else', () => {
  assert.is(rule('verbatim-capture@judge-camera.service', 'restart'), 'yes')
  assert.is(rule('verbatim-capture@mics.service', 'stop'), 'yes')
  for (const [unit, verb, user, id] of [
    ['verbatim-recorder.service', 'restart'],
    ['ssh.service', 'restart'],
    ['verbatim-capture@x.service.evil.service', 'restart'],
    ['evil-verbatim-capture@x.service', 'restart'],
    ['verbatim-capture@../x.service', 'restart'],
    ['verbatim-capture@x.service\nssh.service', 'restart'],
    ['verbatim-capture@x.service', 'kill'],
    ['verbatim-capture@x.service', 'set-property'],
    ['verbatim-capture@x.service', 'restart', 'nobody'],
    ['verbatim-capture@x.service', 'restart', 'verbatim', 'systemd1.manage-unit-files'],
    [undefined, undefined],
  ] as const)
    assert.is(rule(unit, verb, user, id), 'not handled', `${unit} ${verb} ${user} ${id}`)
})

test.run()
