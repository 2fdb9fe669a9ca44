import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DurableJson } from '../../controller/base/durable-json.ts'
import { codeOf } from '../../controller/base/error.ts'
import { Register } from '../../controller/ports/settings/register.ts'
import type { RegisteredHearing } from '../../controller/wire/clerk.ts'

const test = suite<{ dir: string; path: string }>('settings')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-settings-'))
  context.path = join(context.dir, 'settings.json')
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

interface Setting {
  volume: number
}
const parse = (data: unknown): Setting => {
  if (typeof data === 'object' && data !== null && 'volume' in data && typeof data.volume === 'number')
    return { volume: data.volume }
  throw new TypeError('no setting')
}
const settingsAt = (path: string) => new DurableJson<Setting>(path, parse)
const read = async (path: string): Promise<number | string | null> => {
  try {
    return (await settingsAt(path).read())?.volume ?? null
  } catch (thrown) {
    return codeOf(thrown)
  }
}
const writeTwo = async (path: string) => {
  const settings = settingsAt(path)
  await settings.write({ volume: 1 })
  await settings.write({ volume: 2 })
}

test('before the first write there is nothing', async ({ path }) => {
  assert.is(await read(path), null)
})

test('the last write is read, and the file before it stays', async ({ path }) => {
  await writeTwo(path)
  assert.is(await read(path), 2)
  assert.is(JSON.parse(readFileSync(`${path}.previous`, 'utf8')).data.volume, 1)
  assert.not(existsSync(`${path}.new`))
})

test('cut at any length: the new content or the old', async ({ path }) => {
  await writeTwo(path)
  const whole = readFileSync(path)
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    assert.is(await read(path), length < whole.length - 1 ? 1 : 2, `${length} bytes`)
  }
})

test('any bit flipped: the new content or the old, never another', async ({ path }) => {
  await writeTwo(path)
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at++) {
    for (const bit of [0, 2, 5, 7]) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1 << bit
      writeFileSync(path, changed)
      const volume = await read(path)
      assert.ok(volume === 1 || volume === 2, `byte ${at} bit ${bit}: ${volume}`)
    }
  }
})

test('zeros in place of the content, as after a power cut: the old', async ({ path }) => {
  await writeTwo(path)
  writeFileSync(path, Buffer.alloc(readFileSync(path).length))
  assert.is(await read(path), 1)
})

test('both damaged: SETTINGS_DAMAGED', async ({ path }) => {
  await writeTwo(path)
  writeFileSync(path, '')
  writeFileSync(`${path}.previous`, '{"sha256":"","data":{"volume":9}}')
  assert.is(await read(path), 'SETTINGS_DAMAGED')
})

test('sound JSON of another shape counts as damaged', async ({ path }) => {
  await new DurableJson<unknown>(path, (data) => data).write({ loudness: 3 })
  assert.is(await read(path), 'SETTINGS_DAMAGED')
})

test('a crash at each step of a write: old or new, and the next write succeeds', async ({ dir, path }) => {
  await writeTwo(path)
  const two = readFileSync(path)
  await settingsAt(path).write({ volume: 3 })
  const three = readFileSync(path)
  const steps: [string, Record<string, Buffer>, number][] = [
    ['half of .new', { '': two, '.previous': two, '.new': three.subarray(0, 20) }, 2],
    ['.new whole', { '': two, '.previous': two, '.new': three }, 2],
    ['.previous removed', { '': two, '.new': three }, 2],
    ['.previous linked', { '': two, '.previous': two, '.new': three }, 2],
    ['renamed instead of linked', { '.previous': two, '.new': three }, 2],
    ['done', { '': three, '.previous': two }, 3],
    ['damaged before, linked', { '': two.subarray(9), '.previous': two.subarray(9), '.new': three }, 3],
  ]
  for (const [name, files, expected] of steps) {
    rmSync(dir, { recursive: true })
    mkdirSync(dir)
    for (const [end, bytes] of Object.entries(files)) writeFileSync(path + end, bytes)
    assert.is(await read(path), expected, name)
    await settingsAt(path).write({ volume: 4 })
    assert.is(await read(path), 4, `${name}, then written`)
  }
})

test('the first write cut: nothing, and no alarm', async ({ path }) => {
  writeFileSync(`${path}.new`, '{"sha2')
  assert.is(await read(path), null)
})

test('many writes at once: the last one wins and none is torn', async ({ path }) => {
  const settings = settingsAt(path)
  await Promise.all(Array.from({ length: 50 }, (_, volume) => settings.write({ volume })))
  assert.is(await read(path), 49)
})

test('a write that fails is told, and does not stop the next', async ({ dir }) => {
  const folder = join(dir, 'later')
  const settings = settingsAt(join(folder, 'settings.json'))
  assert.is(await settings.write({ volume: 1 }).catch(codeOf), 'ENOENT')
  mkdirSync(folder)
  await settings.write({ volume: 2 })
  assert.is(await read(settings.path), 2)
})

const hearing = (id: string, openedUtc: string): RegisteredHearing => ({
  id,
  case: '1',
  room: 'r',
  openedUtc,
  closedUtc: null,
  state: 'open',
})
const older = hearing('a', '2026-11-22T09:00:00.000Z')
const newer = hearing('b', '2026-11-23T09:00:00.000Z')
const never = async (): Promise<RegisteredHearing[]> => {
  throw new Error('asked to rebuild')
}

test('a new register asks the folders once, then keeps itself', async ({ dir }) => {
  const stateDir = join(dir, 'state')
  const register = await Register.open(stateDir, async () => [older])
  assert.is(register.repaired, null)
  await register.upsert(newer)
  await register.upsert({ ...older, state: 'closed', closedUtc: '2026-11-22T10:00:00.000Z' })
  const again = await Register.open(stateDir, never)
  assert.equal(
    again.list().map(({ id, state }) => [id, state]),
    [
      ['b', 'open'],
      ['a', 'closed'],
    ],
  )
})

test('a damaged register is made again from the folders', async ({ dir }) => {
  const file = join(dir, 'register.json')
  await (await Register.open(dir, async () => [])).upsert(older)
  writeFileSync(file, 'damaged')
  writeFileSync(`${file}.previous`, '')
  const register = await Register.open(dir, async () => [older, newer])
  assert.ok(register.repaired)
  assert.is(register.list().length, 2)
  assert.is((await Register.open(dir, never)).list().length, 2)
})

test('a torn register falls back to the one before, and the folders add what it lacks', async ({ dir }) => {
  const first = await Register.open(dir, async () => [older])
  await first.upsert(newer)
  writeFileSync(join(dir, 'register.json'), '{')
  const register = await Register.open(dir, async () => [newer])
  assert.ok(register.repaired)
  assert.equal(
    register.list().map(({ id }) => id),
    ['b', 'a'],
  )
})

test.run()
