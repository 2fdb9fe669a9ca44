import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf } from '../../controller/base/error.ts'
import { type Rebuild, rebuildStore } from '../../controller/ports/store/rebuild.ts'

const RESTS_MS = 250
/** The hearing that is open. */
const OPEN = '2026-11-23_open'
const SEGMENT = `${OPEN}/judge/0001.mp4`
const DAY_S = 86_400

interface Disks {
  dir: string
  from: string
  to: string
}
const test = suite<Disks>('rebuild')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-rebuild-'))
  for (const name of ['from', 'to'] as const) {
    context[name] = join(context.dir, name)
    mkdirSync(context[name])
  }
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const put = (store: string, path: string, text: string): void => {
  mkdirSync(dirname(join(store, path)), { recursive: true })
  writeFileSync(join(store, path), text)
}
const read = (store: string, path: string): string => readFileSync(join(store, path), 'utf8')

/** Adds a letter every few milliseconds; after each, the wall clock seems to have stepped by so much. */
const grow = async (path: string, letters: string, stepS = 0): Promise<void> => {
  for (const letter of letters) {
    appendFileSync(path, letter)
    const seconds = Date.now() / 1_000 + stepS
    utimesSync(path, seconds, seconds)
    await sleep(RESTS_MS / 5)
  }
}

const rebuild = ({ from, to }: Disks, more: Partial<Rebuild> = {}): Promise<number> =>
  rebuildStore({
    ...{ from, to, openHearing: () => OPEN, progress: () => {}, restsMs: RESTS_MS },
    signal: new AbortController().signal,
    ...more,
  })

test('files of other hearings are brought at once, the newest hearing first', async (disks) => {
  const { from, to } = disks
  put(from, '2026-11-20_a/judge/0001.mp4', 'whole')
  put(from, '2026-11-21_b/judge/0001.mp4', 'longer')
  put(to, '2026-11-21_b/judge/0001.mp4', 'long')
  put(from, '2026-11-21_b/journal.ndjson', 'lines')
  put(to, '2026-11-21_b/journal.ndjson', 'lines')
  const brought: string[] = []
  assert.is(await rebuild(disks, { progress: (bytes, path) => brought.push(`${bytes} ${path}`), restsMs: 60_000 }), 7)
  assert.equal(brought, ['2 2026-11-21_b/judge/0001.mp4', '7 2026-11-20_a/judge/0001.mp4'])
  assert.is(read(to, '2026-11-20_a/judge/0001.mp4'), 'whole')
  assert.is(read(to, '2026-11-21_b/judge/0001.mp4'), 'longer')
})

test('what is no evidence stays where it is', async (disks) => {
  const { from, to } = disks
  const others = ['.verbatim-probe', '.cache/a', 'lost+found/a', 'a/b.mp4.damaged-1', 'a/.b', 'a/hearing.json.new']
  for (const path of others) put(from, path, 'x')
  assert.is(await rebuild(disks), 0)
  assert.equal(readdirSync(to), [])
})

for (const [where, stepS] of [
  ['past', -DAY_S],
  ['future', DAY_S],
] as const)
  test(`a file that is being written waits until it rests, though the clock stepped to the ${where}`, async (disks) => {
    const { from, to } = disks
    put(from, SEGMENT, 'begin ')
    const end = rebuild(disks)
    await grow(join(from, SEGMENT), 'abcdefghijkl', stepS)
    assert.not.ok(existsSync(join(to, SEGMENT)), 'brought while it was being written')
    assert.is(await end, 18)
    assert.is(read(to, SEGMENT), 'begin abcdefghijkl')
  })

test('a file that both stores are being written to is left to its writer, whatever the clock says', async (disks) => {
  const { dir, from, to } = disks
  for (const [store, text] of [
    [from, 'ab'],
    [to, 'a'],
  ] as const) {
    put(store, SEGMENT, text)
    utimesSync(join(store, SEGMENT), 1, 1)
  }
  const { ino } = statSync(join(to, SEGMENT))
  const end = rebuild(disks)
  await Promise.all([
    grow(join(from, SEGMENT), 'cdefgh', -DAY_S),
    sleep(20).then(() => grow(join(to, SEGMENT), 'bcdefg', -DAY_S)),
  ])
  assert.is(await end, 0)
  assert.is(read(to, SEGMENT), 'abcdefg')
  assert.is(statSync(join(to, SEGMENT)).ino, ino)
  assert.equal(readdirSync(join(dir, 'to', OPEN, 'judge')), ['0001.mp4'])
})

test('journal and index of the open hearing are left alone, though they differ', async (disks) => {
  const { from, to } = disks
  for (const name of ['journal.ndjson', 'index/judge.ndjson', 'index/mics.ndjson']) {
    put(from, `${OPEN}/${name}`, 'one line\nanother line\n')
    put(to, `${OPEN}/${name}`, 'another line\n')
  }
  assert.is(await rebuild(disks), 0)
  assert.equal(readdirSync(join(to, OPEN, 'index')), ['judge.ndjson', 'mics.ndjson'])
  assert.is(read(to, `${OPEN}/index/judge.ndjson`), 'another line\n')
})

test('they are completed when the hearing closes meanwhile', async (disks) => {
  const { from, to } = disks
  let open: string | null = OPEN
  put(from, `${OPEN}/index/judge.ndjson`, 'one line\n')
  put(from, SEGMENT, 'a')
  const end = rebuild(disks, { openHearing: () => open, restsMs: 1_000 })
  await sleep(100)
  open = null
  assert.is(await end, 10)
  assert.is(read(to, `${OPEN}/index/judge.ndjson`), 'one line\n')
})

test('only what waits is looked at again, until a listing brings nothing new', async (disks) => {
  const { from, to } = disks
  const old = '2026-11-20_a/judge/0001.mp4'
  const late = `${OPEN}/judge/0002.mp4`
  put(from, old, 'old')
  put(from, SEGMENT, 'first')
  const end = rebuild(disks, {
    progress: (_bytes, path) => {
      if (path === old) unlinkSync(join(to, old))
      if (path === SEGMENT) put(from, late, 'second')
    },
  })
  assert.is(await end, 14)
  assert.is(read(to, late), 'second')
  assert.not.ok(existsSync(join(to, old)))
})

test('stopped, it touches nothing more', async (disks) => {
  const { from, to } = disks
  put(from, SEGMENT, 'waits')
  put(from, '2026-11-20_a/judge/0001.mp4', 'old')
  const stop = new AbortController()
  const end = rebuild(disks, { signal: stop.signal, restsMs: 60_000 }).catch((thrown: Error) => thrown.name)
  await sleep(100)
  stop.abort()
  assert.is(await end, 'AbortError')
  assert.equal(readdirSync(to), ['2026-11-20_a'])

  put(from, '2026-11-21_b/judge/0001.mp4', 'new')
  assert.is(await rebuild(disks, { signal: stop.signal }).catch((thrown: Error) => thrown.name), 'AbortError')
  assert.equal(readdirSync(to), ['2026-11-20_a'])
})

test('stopped between two files, it leaves the second', async (disks) => {
  const { from, to } = disks
  for (const day of [1, 2]) put(from, `2026-11-0${day}_a/0001.mp4`, 'x')
  const stop = new AbortController()
  const end = rebuild(disks, { signal: stop.signal, progress: () => stop.abort() })
  assert.is(await end.catch((thrown: Error) => thrown.name), 'AbortError')
  assert.equal(readdirSync(to), ['2026-11-02_a'])
})

test('when the disk vanishes, nothing is copied to the one beneath it', async (disks) => {
  const { dir, from } = disks
  const beneath = mkdtempSync('/dev/shm/verbatim-rebuild-')
  try {
    if (statSync(beneath).dev === statSync(dir).dev) return
    for (const day of [1, 2]) put(from, `2026-11-0${day}_a/0001.mp4`, 'x')
    const to = join(dir, 'mount')
    symlinkSync(disks.to, to)
    const unmount = () => {
      unlinkSync(to)
      symlinkSync(beneath, to)
    }
    const end = rebuild({ ...disks, to }, { progress: unmount })
    assert.match(await end.then(String, messageOf), /device \d+ became \d+/)
    assert.equal(readdirSync(beneath), [])
  } finally {
    rmSync(beneath, { recursive: true })
  }
})

test.run()
