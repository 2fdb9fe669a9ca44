// deadline: 180 s
/** What is sealed is locked away for the court alone, on real files, opened again by `age` itself. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import { setAsidePath } from '../../controller/base/set-aside.ts'
import type { EntryBody } from '../../controller/journal/entry.ts'
import { copyHearing } from '../../controller/ports/copy/copy-hearing.ts'
import { verifyFolder } from '../../controller/ports/evidence/verify-folder.ts'
import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import { Scrubber } from '../../controller/recorder/scrubber.ts'
import { makeIdentity } from '../builders/identity.ts'
import { SignedHearing } from '../builders/signed-hearing.ts'

interface Court {
  dir: string
  /** The hearing's folder on each store. */
  folders: [string, string]
  hearing: SignedHearing
  scrubber: Scrubber
  /** Turns an addition of lines into a failure. */
  journalFails: boolean
  /** The court's private key. */
  key: string
}

const SEGMENT = 'judge/0001.mp4'
const LOCKED = `sealed/seal-1/${SEGMENT}.age`
const BYTES = 72
const built = (name: string): string => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url))
const programs = { verbatim: built('verbatim'), lock: built('lock-process') }
const device = await makeIdentity('device')
const test = suite<Court>('locking')
const dirs: string[] = []

const write = ({ folders, hearing }: Court): void => {
  for (const folder of folders)
    for (const [file, bytes] of hearing.folder()) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), bytes)
    }
}
const keygen = (dir: string, name: string): { key: string; recipient: string } => {
  const key = join(dir, name)
  execFileSync('age-keygen', ['-o', key], { stdio: 'ignore' })
  return { key, recipient: execFileSync('age-keygen', ['-y', key], { encoding: 'utf8' }).trim() }
}
/** The second and third fragment of the judge's microphone. */
const seal: EntryBody = {
  ...{ kind: 'seal', seal: 'seal-1', tracks: ['judge'], by: 'Judge', fromMs: 481, toMs: 1_439 },
  reason: { clerk: 'Protected witness.', engineer: 'order 7' },
}
const inJournal = ({ folders }: Court): string[] =>
  readFileSync(join(folders[0], 'journal.ndjson'), 'utf8').match(/"kind":"locked"/g) ?? []
const isOpen = ({ hearing, folders }: Court, store: number): boolean =>
  readFileSync(join(folders[store]!, SEGMENT)).includes(hearing.files.get(SEGMENT)!.subarray(BYTES + 40, BYTES + 72))
const spoil = (path: string): void => {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
}

test.before.each((court) => {
  court.dir = mkdtempSync(join(tmpdir(), 'verbatim-lock-'))
  dirs.push(court.dir)
  const stores = ['main', 'mirror'].map((name) => ({ name, path: join(court.dir, name) }))
  court.folders = stores.map(({ path }) => join(path, 'old')) as [string, string]
  court.hearing = new SignedHearing(device).open().record().record().record().record().close().sign()
  court.hearing.line(seal)
  court.hearing.sign()
  court.journalFails = false
  const { key, recipient } = keygen(court.dir, 'court.key')
  court.key = key
  court.scrubber = new Scrubber({
    ...{ stateDir: join(court.dir, 'state'), stores, log: pino({ enabled: false }), programs, courtKey: recipient },
    hearings: () => ['old'],
    addLines: async (_, bodies) => {
      if (court.journalFails) throw new Error('no store took the line')
      for (const body of bodies) court.hearing.line(body)
      court.hearing.sign()
      for (const folder of court.folders)
        writeFileSync(join(folder, 'journal.ndjson'), court.hearing.folder().get('journal.ndjson')!)
    },
  })
  write(court)
})
test.after(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

test('what is sealed leaves the media, and the court alone can open it', async (court) => {
  const { folders, scrubber, hearing, key } = court
  const aside = setAsidePath(join(court.dir, 'main'), 'old', SEGMENT, 1)
  mkdirSync(dirname(aside), { recursive: true })
  writeFileSync(aside, hearing.files.get(SEGMENT)!)
  const scrubbed = await scrubber.scrub()
  assert.is(scrubbed?.bad, 0, scrubbed?.reason.engineer)
  const was = hearing.files.get(SEGMENT)!
  for (const [store, folder] of folders.entries()) {
    assert.not(isOpen(court, store))
    const opened = execFileSync('age', ['-d', '-i', key, join(folder, LOCKED)])
    assert.ok(opened.equals(was.subarray(BYTES, 3 * BYTES)))
    const left = readFileSync(join(folder, SEGMENT))
    assert.ok(left.subarray(0, BYTES).equals(was.subarray(0, BYTES)), 'what is not sealed stays')
    assert.ok(left.subarray(3 * BYTES).equals(was.subarray(3 * BYTES)))
    const { verdict, findings } = await verifyFolder(folder, nodeProof())
    assert.is(verdict, 'authentic-with-remarks', JSON.stringify(findings))
    assert.equal(
      findings.flatMap(({ code }) => (code === 'file-unlisted' ? [code] : [])),
      [],
    )
  }
  assert.not(existsSync(aside))
  assert.ok(execFileSync('age', ['-d', '-i', key, `${aside}.age`]).equals(was))
  assert.is((await scrubber.scrub())?.bad, 0)
  assert.is(inJournal(court).length, 1, 'once')
})

test('nothing is taken out before the journal tells where it is, and a second attempt ends it', async (court) => {
  court.journalFails = true
  const failed = await court.scrubber.scrub()
  assert.match(failed!.reason.clerk, 'not locked away yet')
  assert.ok(isOpen(court, 0) && isOpen(court, 1))
  court.journalFails = false
  assert.is((await court.scrubber.scrub())?.bad, 0)
  assert.not(isOpen(court, 0) || isOpen(court, 1))
})

test('a process that is killed at any instant leaves nothing lost', async (court) => {
  for (let i = 0; i < 6; i++) {
    const locking = court.scrubber.scrub()
    const killing = setTimeout(() => court.scrubber.stop(), 200 + i * 300)
    await locking
    // It may have been quicker than the kill, which would then hit the next attempt.
    clearTimeout(killing)
    const { moreFindings, findings } = await verifyFolder(court.folders[i % 2]!, nodeProof())
    assert.equal([moreFindings, findings.filter(({ severity }) => severity === 'damage')], [0, []])
  }
  assert.is((await court.scrubber.scrub())?.bad, 0)
  assert.not(isOpen(court, 0) || isOpen(court, 1))
  const left = readdirSync(court.folders[0], { recursive: true }).map(String)
  assert.equal(
    left.filter((name) => name.endsWith('.new')),
    [],
  )
})

test('a disk that was away still has it in the open, and is emptied when it is back', async (court) => {
  await court.scrubber.scrub()
  const [, mirror] = court.folders
  writeFileSync(join(mirror, SEGMENT), court.hearing.files.get(SEGMENT)!)
  rmSync(join(mirror, 'sealed'), { recursive: true })
  assert.ok(isOpen(court, 1))
  assert.is((await court.scrubber.scrub())?.bad, 0)
  assert.not(isOpen(court, 1))
  assert.ok(readFileSync(join(mirror, LOCKED)).equals(readFileSync(join(court.folders[0], LOCKED))))
})

test('an encrypted file that a disk spoiled is told, and put back from the other', async (court) => {
  await court.scrubber.scrub()
  spoil(join(court.folders[1], LOCKED))
  const { verdict, findings } = await verifyFolder(court.folders[1], nodeProof())
  assert.is(verdict, 'not-authentic')
  assert.ok(findings.some(({ code, file }) => code === 'locked-altered' && file === LOCKED))
  assert.is((await court.scrubber.scrub())?.bad, 0)
  assert.ok(readFileSync(join(court.folders[1], LOCKED)).equals(readFileSync(join(court.folders[0], LOCKED))))
})

test('one that is spoiled on every disk is a trouble', async (court) => {
  await court.scrubber.scrub()
  for (const folder of court.folders) spoil(join(folder, LOCKED))
  const scrubbed = await court.scrubber.scrub()
  assert.ok(scrubbed!.bad > 0)
  assert.match(scrubbed!.reason.engineer, 'whole on no store')
})

test('a seal that nobody has signed takes nothing out', async (court) => {
  court.hearing = new SignedHearing(device).open().record().record().record().record().close().sign()
  court.hearing.line(seal)
  write(court)
  await court.scrubber.scrub()
  assert.ok(isOpen(court, 0) && isOpen(court, 1))
  assert.is(inJournal(court).length, 0)
})

test('the court makes a whole copy with its key; another key opens nothing', async (court) => {
  await court.scrubber.scrub()
  const copy = (to: string, key: string) =>
    copyHearing({
      ...{ from: court.folders[0], to: join(court.dir, to), withSealed: true },
      courtKeys: [/AGE-SECRET-KEY-\S+/.exec(readFileSync(key, 'utf8'))![0]],
    })
  await copy('whole', court.key)
  for (const [file, bytes] of court.hearing.folder())
    assert.ok(readFileSync(join(court.dir, 'whole', file)).equals(bytes), file)
  const { findings } = await verifyFolder(join(court.dir, 'whole'), nodeProof())
  assert.not(findings.some(({ code }) => code === 'fragment-sealed'))
  const wrong = keygen(court.dir, 'other.key').key
  assert.is(await copy('none', wrong).then(() => '', codeOf), 'SEALED_UNREADABLE')
  await copyHearing({ from: court.folders[0], to: join(court.dir, 'party'), withSealed: false })
  assert.not(existsSync(join(court.dir, 'party/sealed')))
  assert.is((await verifyFolder(join(court.dir, 'party'), nodeProof())).verdict, 'authentic-with-remarks')
})

test.run()
