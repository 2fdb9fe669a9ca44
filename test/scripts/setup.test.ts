import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const bin = mkdtempSync(join(tmpdir(), 'verbatim-setup-'))
test.after(() => rmSync(bin, { recursive: true }))

/** Runs lines of bash with the set-up's functions, and with programs of ours before the machine's own. */
const bash = (lines: string, env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `set -euo pipefail; source scripts/lib/setup.sh; ${lines}`],
    {
      encoding: 'utf8',
      env: { ...process.env, VERBATIM_HOME: '', VERBATIM_RUNTIME: '', XDG_RUNTIME_DIR: '', ...env },
    },
  )
  return { status, said: stdout.trim(), complaint: stderr.trim() }
}

const program = (name: string, text: string) => {
  writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`)
  chmodSync(join(bin, name), 0o755)
  return join(bin, name)
}

test('the README lists every script', () => {
  const text = readFileSync('scripts/README.md', 'utf8')
  const scripts = readdirSync('scripts').filter((name) => name !== 'README.md' && name !== 'lib')
  const isCalledByAnother = (name: string) => name.endsWith('.ts') && scripts.includes(name.slice(0, -'.ts'.length))
  for (const name of scripts) assert.ok(isCalledByAnother(name) || text.includes(`\n| \`${name}\` `), name)
})

test('Node from 20.19 on is new enough', () => {
  for (const [version, wanted] of [
    ['v18.20.4', 'no'],
    ['v20.18.3', 'no'],
    ['v20.19.0', 'yes'],
    ['v22.1.0', 'yes'],
  ]) {
    const node = program('some-node', `echo ${version}`)
    assert.is(bash(`new_enough ${node} && echo yes || echo no`).said, wanted, version)
  }
  assert.is(bash('new_enough /no/such/node && echo yes || echo no').said, 'no')
})

test('packages that are there are not installed again', () => {
  const touched = 'as_root() { echo touched; }; require_root() { :; }'
  assert.is(bash(`${touched}; ensure_debian_packages step bash coreutils`).said, '')
})

test('without root and sudo, one sentence and exit code 3', () => {
  // EUID cannot be changed in bash, so a root's test becomes nobody.
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : []
  const script = 'source scripts/lib/say.sh; source scripts/lib/debian.sh; command() { return 1; }; require_root'
  const [name = 'bash', ...words] = [...asNobody, 'bash', '-c', script]
  const { status, stderr } = spawnSync(name, words, { encoding: 'utf8' })
  assert.is(status, 3)
  assert.match(stderr, /^[^\n]*needs root or sudo\.\n$/)
})

test('a machine without apt gets one sentence and exit code 3', () => {
  const { status, complaint } = bash('command() { return 1; }; ensure_debian_packages step bash')
  assert.is(status, 3)
  assert.match(complaint, 'needs Debian 12 or newer')
  assert.is(complaint.split('\n').length, 1)
})

test('a long path gets a short folder for sockets, the same each time', () => {
  const home = `/tmp/${'long-'.repeat(20)}`
  const first = bash('find_places; echo $VERBATIM_RUNTIME', { VERBATIM_HOME: home }).said
  assert.match(first, /^\/tmp\/verbatim-[0-9a-f]{10}$/)
  assert.is(bash('find_places; echo $VERBATIM_RUNTIME', { VERBATIM_HOME: home }).said, first)
  assert.is(bash('find_places; echo $VERBATIM_RUNTIME', { VERBATIM_HOME: '/srv/v' }).said, '/srv/v/run')
  assert.is(bash('find_places; echo $VERBATIM_RUNTIME', { VERBATIM_RUNTIME: '/run/mine' }).said, '/run/mine')
})

test('places are absolute, as the configuration asks for', () => {
  const here = process.cwd()
  const places = 'find_places; echo $VERBATIM_HOME $VERBATIM_RUNTIME'
  assert.is(bash(places, { VERBATIM_HOME: 'a b', VERBATIM_RUNTIME: './r' }).said, `${here}/a b ${here}/r`)
})

test('scripts/start refuses a wrong command line with exit code 2', () => {
  const start = (...words: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/start.ts', ...words], {
      encoding: 'utf8',
      env: { ...process.env, VERBATIM_ROOT: process.cwd(), VERBATIM_HOME: bin, VERBATIM_RUNTIME: bin },
    }).status
  assert.is(start('--hearing', 'soon'), 2)
  assert.is(start('--size', 'big'), 2)
  assert.is(start('--colour', 'red'), 2)
  assert.is(start('--hearing', '5', '--store', '/tmp/x', '--mirror', '/tmp/x'), 2)
})

test.run()
