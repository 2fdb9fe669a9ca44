// deadline: 240 s
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMANDS } from '../../controller/cli/run.ts'
import type { Status } from '../../controller/wire/clerk.ts'
import { buildHearing } from '../builders/hearing-folder.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-cli-'))
const test = suite('command line')
test.after(() => rmSync(dir, { recursive: true, force: true }))

interface Said {
  code: number | null
  out: string
  err: string
}

const verbatim = (words: string[], env: NodeJS.ProcessEnv = {}): Promise<Said> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/verbatim.js', ...words], {
      env: { ...process.env, VERBATIM_RUNTIME: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (text) => {
      said.out += text
    })
    child.stderr.on('data', (text) => {
      said.err += text
    })
    child.on('close', (code) => resolve({ code, ...said }))
  })

const status: Status = {
  room: 'Room 3',
  state: 'recording',
  lamp: 'blinking',
  hearing: '20261123T100000Z_room-3_2-17',
  case: '2-17/\u001b[2J2026',
  mediaMs: 3_723_400,
  sources: [{ name: 'desk', state: 'waiting', run: 2, why: 'no connection to it' }],
  tracks: [
    {
      ...{ name: 'judge', label: 'Judge', source: 'desk', confirmedAgoMs: 4_000, seconds: 60, fragments: 125 },
      ...{ bytes: 480_000, gaps: 1, levelDbfs: -23.4, alarms: ['stalled'] },
    },
  ],
  stores: [
    {
      ...{ name: 'main', path: '/srv/a', state: 'failed', freeBytes: null, hoursLeft: null, why: 'The disk is full.' },
      disk: { verdict: 'failed', writeP95Ms: null, devices: [] },
    },
    {
      ...{ name: 'mirror', path: '/srv/b', state: 'good', freeBytes: 5e11, hoursLeft: 88.5, why: null },
      disk: {
        verdict: 'watch',
        writeP95Ms: 3.2,
        devices: [
          { device: '/dev/sdb', model: 'M', serial: 'S', temperatureC: 61, wornPercent: 12, hours: 900, why: null },
        ],
      },
    },
  ],
  panels: [{ name: 'clerk', role: 'clerk', state: 'found', lastPress: '3/7' }],
  health: {
    verdict: 'degraded',
    reasons: [
      {
        ...{ code: 'DISK_FAILED', severity: 'degraded', area: 'disk', about: 'main' },
        ...{ clerk: 'Disk "main" is full.', engineer: 'ENOSPC', toDo: 'The other disk goes on recording.' },
      },
    ],
  },
  selfTest: [
    { what: 'key of the device', ok: true, detail: 'signs and verifies' },
    { what: 'clock', ok: false, detail: 'not synchronised', toDo: 'Let it follow a time server.' },
  ],
  selfTesting: false,
  selfTestedUtc: null,
}

/** A recorder that says the same to every question; `hear` gets the questions. */
const recorderThatSays = async (
  answer: string | null,
  play: (runtime: string, heard: string[]) => Promise<void>,
): Promise<void> => {
  const runtime = mkdtempSync(join(dir, 'run-'))
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard.push(String(bytes))
      if (answer === '') socket.end()
      else if (answer !== null) socket.write(answer)
    })
  }).listen(join(runtime, 'recorder.sock'))
  try {
    await play(runtime, heard)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

const line = (message: unknown) => `${JSON.stringify(message)}\n`

test('help everywhere, with exit codes', async () => {
  const all = await verbatim(['--help'])
  assert.is(all.code, 0)
  for (const { name, help } of COMMANDS) {
    assert.match(all.out, name)
    assert.match(help, 'Exit codes:')
    const one = await verbatim([name, '--help'])
    assert.equal([one.code, one.out.trim(), one.err], [0, help, ''])
  }
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  assert.is((await verbatim(['--version'])).out, `verbatim ${version}\n`)
})

test('a wrong command line is one sentence, its code, and exit code 64', async () => {
  const wrong: [string[], RegExp][] = [
    [[], /A command is missing: recorder, press/],
    [['record'], /There is no command "record"; there are recorder/],
    [['--frobnicate'], /There is no command "--frobnicate"/],
    [['status', '--frob'], /Unknown option '--frob'/],
    [['status', 'now'], /"now" is one word too many/],
    [['status'], /give --runtime DIR or set VERBATIM_RUNTIME/],
    [['press'], /The button .* is missing/],
    [['press', 'eject'], /There is no button "eject"; there are rec, off, stop, mark/],
    [['press', 'rec', '--case'], /--case/],
    [['press', 'rec', '--case', 'x'.repeat(81), '--runtime', dir], /--case: /],
    [['press', 'stop', '--case', '1', '--runtime', dir], /--case goes with rec only/],
    [['check'], /The folder of the hearing is missing/],
    [['check', 'a', 'b'], /"b" is one word too many/],
    [['verify'], /The folder of the hearing is missing/],
    [['verify', 'a', '--lang', 'de'], /--lang "de" is not spoken; there are en, ru, kk/],
    [['verify', dir, '--trust', '/nowhere'], /--trust .nowhere cannot be read/],
    [['recorder'], /--config FILE is missing/],
    [['\u001b[2Jx'], /no command "\?\[2Jx"/],
  ]
  for (const [words, expected] of wrong) {
    const { code, out, err } = await verbatim(words)
    assert.equal([code, out], [64, ''], words.join(' '))
    assert.match(err, expected)
    const [first, second, ...more] = err.trimEnd().split('\n')
    assert.match(first!, / \(USAGE\)$/)
    assert.match(second!, /--help says more\.$/)
    assert.equal(more, [])
  }
})

test('a press goes to the recorder, and its answer to the clerk', async () => {
  await recorderThatSays(line({ is: 'accepted', text: 'Recording.', hearing: 'h' }), async (runtime, heard) => {
    const said = await verbatim(['press', 'rec', '--case', '2-17', '--by', 'Aigul'], { VERBATIM_RUNTIME: runtime })
    assert.equal(said, { code: 0, out: 'Recording.\n', err: '' })
    assert.equal(JSON.parse(heard[0]!), { do: 'press', button: 'rec', case: '2-17', by: 'Aigul' })
  })
  const refusal = { is: 'refused', code: 'WILL-NOT-FIT', text: 'Only 0.5 hours fit.', engineer: '12 GB' }
  await recorderThatSays(line(refusal), async (runtime) => {
    const { code, out, err } = await verbatim(['press', 'rec', '--runtime', runtime])
    assert.equal([code, out], [1, ''])
    assert.is(err, 'verbatim: Refused: Only 0.5 hours fit. [WILL-NOT-FIT] (REFUSED)\n')
  })
})

test('the status is readable, says what to do, and cannot steer the terminal', async () => {
  await recorderThatSays(line({ is: 'status', status }), async (runtime) => {
    const { code, out } = await verbatim(['status', '--runtime', runtime])
    assert.is(code, 0)
    for (const part of ['Room 3: RECORDING', 'BLINKING', '1:02:03.4', 'LATE 4.0 s ago', '88.5 hours left'])
      assert.match(out, part)
    assert.match(out, /mirror +.dev.sdb +M S +61 °C +12 % worn +900 h +writes within 3.2 ms +watch\n/)
    for (const part of [
      'health   DEGRADED',
      'what to do',
      'The other disk goes on recording.',
      'tell the judge',
      'ENOSPC',
      '! clock [not synchronised]',
    ])
      assert.match(out, part)
    assert.not.match(out, '\u001b')
    const json = await verbatim(['status', '--json', '--runtime', runtime])
    assert.equal(JSON.parse(json.out), status)
  })
})

test('a hearing without a case number says so', async () => {
  for (const none of ['', null])
    await recorderThatSays(line({ is: 'status', status: { ...status, case: none } }), async (runtime) => {
      assert.match((await verbatim(['status', '--runtime', runtime])).out, `${status.hearing}, case not given\n`)
    })
})

test('the register is listed', async () => {
  const times = { openedUtc: '2026-11-23T10:00:00.000Z', closedUtc: null }
  const hearing = { id: 'h-1', case: '2-17', room: 'Room 3', ...times, state: 'open' }
  await recorderThatSays(line({ is: 'hearings', hearings: [hearing] }), async (runtime) => {
    assert.match(
      (await verbatim(['hearings', '--runtime', runtime])).out,
      /h-1 +open +2026-11-23T10:00:00.000Z +- +2-17/,
    )
    assert.equal(JSON.parse((await verbatim(['hearings', '--json', '--runtime', runtime])).out), [hearing])
  })
})

test('answers that are none', async () => {
  const nonsense = ['\u0000\u001b[2J garbage\n', '{}\n', '[]\n', '{"is":"status","status":{"room":3}}\n']
  for (const answer of [...nonsense, line({ is: 'hearings', hearings: [] })])
    await recorderThatSays(answer, async (runtime) => {
      const { code, out, err } = await verbatim(['status', '--runtime', runtime])
      assert.equal([code, out], [69, ''], answer)
      assert.match(err, /^verbatim: .*\(FRAME_INVALID\)\n$/)
      assert.not.match(err, '\u001b')
    })
  await recorderThatSays('', async (runtime) => {
    const { code, err } = await verbatim(['status', '--runtime', runtime])
    assert.is(code, 69)
    assert.match(err, /hung up without an answer\. \(RECORDER_UNREACHABLE\)/)
  })
})

test('a recorder that is silent, and none at all', async () => {
  await recorderThatSays(null, async (runtime) => {
    const began = performance.now()
    const { code, err } = await verbatim(['status', '--runtime', runtime])
    assert.is(code, 69)
    assert.match(err, /has not answered for 10 seconds\. \(RECORDER_UNREACHABLE\)/)
    assert.ok(performance.now() - began < 15_000)
  })
  for (const runtime of [join(dir, 'nowhere'), join(dir, 'long'.repeat(60))]) {
    const { code, err } = await verbatim(['press', 'stop', '--runtime', runtime])
    assert.is(code, 69)
    assert.match(err, /\(RECORDER_UNREACHABLE\)\n$/)
  }
})

test('check: whole, damaged, incomplete, not a hearing, not there', async () => {
  const whole = join(dir, 'whole')
  buildHearing(whole)
  const good = await verbatim(['check', whole])
  assert.is(good.code, 0)
  assert.match(good.out, 'WHOLE')
  assert.is(good.err, '')

  const damaged = join(dir, 'damaged')
  buildHearing(damaged)
  writeFileSync(join(damaged, 'judge/0001.mp4'), 'not what was recorded')
  const bad = await verbatim(['check', damaged, '--mirror', whole, '--json', '--progress'])
  assert.is(bad.code, 1)
  const check = JSON.parse(bad.out)
  assert.is(check.verdict, 'damaged')
  assert.ok(check.findings.every((one: { onMirror?: boolean }) => one.onMirror !== false))
  assert.match(bad.err, /checking .*: 100 % of/)

  mkdirSync(join(dir, 'empty'))
  const empty = await verbatim(['check', join(dir, 'empty')])
  assert.is(empty.code, 2)
  assert.match(empty.out, /not the folder of a hearing/)
  for (const path of [join(dir, 'none'), join(whole, 'journal.ndjson')]) {
    const { code, out, err } = await verbatim(['check', path])
    assert.equal([code, out], [2, ''])
    assert.match(err, /^verbatim: .*\(JOURNAL_MISSING\)\n$/)
  }
})

test('check --write-summary writes hearing.json of a closed hearing only', async () => {
  const closed = join(dir, 'closed')
  buildHearing(closed)
  assert.is((await verbatim(['check', closed, '--write-summary'])).code, 0)
  assert.is(JSON.parse(readFileSync(join(closed, 'hearing.json'), 'utf8')).state, 'closed')
  const open = join(dir, 'open')
  buildHearing(open, { closed: false })
  const { code, err } = await verbatim(['check', open, '--write-summary'])
  assert.is(code, 1)
  assert.match(err, /\(REFUSED\)/)
  assert.throws(() => readFileSync(join(open, 'hearing.json')))
})

test('a reader that goes away is no failure', () => {
  const { stderr, status } = spawnSync('bash', ['-o', 'pipefail', '-c', 'node dist/verbatim.js --help | true'], {
    encoding: 'utf8',
  })
  assert.equal([stderr, status], ['', 0])
})

test('recorder: signals and the exit code are passed on', async () => {
  const stage = mkdtempSync(join(dir, 'stage-'))
  // The command runs what lies beside its own file.
  writeFileSync(
    join(stage, 'recorder.mjs'),
    `process.on('SIGTERM', () => { console.log('in order'); process.exit(7) })
     console.log('ready', process.argv.slice(2).join(' '))
     setInterval(() => {}, 1000)`,
  )
  const cli = join(process.cwd(), 'controller/cli/run.ts')
  writeFileSync(
    join(stage, 'verbatim.mjs'),
    `import { run } from ${JSON.stringify(cli)}
     const around = { env: process.env, print: console.log, tell: console.error, isTerminal: false, programFile: import.meta.filename }
     process.exit(await run(process.argv.slice(2), around, '0'))`,
  )
  const words = [
    '--import',
    import.meta.resolve('tsx'),
    join(stage, 'verbatim.mjs'),
    'recorder',
    '--config',
    'a b.json',
  ]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (text) => {
    out += text
    if (String(text).includes('ready')) child.kill('SIGTERM')
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.equal([code, out], [7, 'ready --config a b.json\nin order\n'])
})

test.run()
