// deadline: 180 s
/** R16: every place is signed while the hearing lasts, also by the recorder that takes it up; the key stays where it is. */
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { verifyFolder } from '../../controller/ports/evidence/verify-folder.ts'
import { nodeProof } from '../../controller/ports/proof/node-proof.ts'
import type { Journal } from './stage/journal.ts'
import { assertClosed, assertWhole } from './stage/proof.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'
import { sleep } from './stage/until.ts'

/** "at least every ten seconds", on a machine with two cores that does other things too. */
const APART_MS = 11_000
const RECESS_MS = 22_000

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** By the published format alone: nothing here is of the recorder's own making. */
const assertSigned = (stage: Stage, hearing: string, journal: Journal): void => {
  const lines = readFileSync(join(stage.stores[0]!, hearing, 'journal.ndjson'), 'utf8').split('\n')
  for (const { n, utc, monoMs, upto, head, key, signature } of journal.of('signature')) {
    const device = journal.of('device').findLast((one) => one.n < n)!
    const raw = Buffer.from(device.publicKey, 'base64')
    const own = new X509Certificate(Buffer.from(device.certificates[0]!, 'base64'))
    assert.is(key, sha256(raw))
    assert.is(device.key, key)
    assert.equal(own.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32), raw)
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
    const publicKey = createPublicKey({ key: spki, type: 'spki', format: 'der' })
    const text = `verbatim-signature/1\n${hearing}\n${upto}\n${sha256(lines[upto]!)}\n${utc}\n${monoMs}\n`
    assert.is(head, sha256(lines[upto]!))
    assert.ok(upto < n && n - upto <= 1_000, `${upto} is shortly before ${n}`)
    assert.ok(verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64')), `up to ${upto}`)
  }
}

/** Codes of what the verifier remarks; nothing may be worse than a remark, on either disk. */
const remarksOn = async (stage: Stage, hearing: string): Promise<Set<string>> => {
  const codes = new Set<string>()
  for (const store of stage.stores) {
    const { verdict, findings } = await verifyFolder(join(store, hearing), nodeProof())
    for (const { code } of findings) codes.add(code)
    assert.is(verdict, 'authentic-with-remarks', [...codes].join(', '))
  }
  return codes
}

/** Longest time between two signatures of one recorder, from the first line of its own to its last. */
const longestPauseMs = (journal: Journal): number => {
  const from = journal.of('interrupted').at(-1)!.n
  const times = journal.entries.filter(({ kind, n }) => n >= from && (kind === 'signature' || n === from))
  return Math.max(...times.slice(1).map(({ monoMs }, i) => monoMs - times[i]!.monoMs))
}

/** Every file below `dir` but the key itself, and what is set aside of it. */
const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile() && !path.includes('device/key.pem'))

const assertKeptSecret = (stage: Stage): void => {
  const pem = readFileSync(join(stage.dir, 'state/device/key.pem'), 'latin1')
  const der = Buffer.from(pem.replaceAll(/-----.*-----|\n/g, ''), 'base64')
  // PKCS#8 of Ed25519 ends with the 32 bytes that are the secret.
  const secret = der.subarray(-32)
  const forms = [
    pem.split('\n')[1]!,
    secret.toString('latin1'),
    secret.toString('hex'),
    secret.toString('base64').slice(0, 43),
    secret.toString('base64url').slice(0, 43),
    'PRIVATE KEY',
  ]
  const files = filesBelow(stage.dir)
  assert.ok(files.length > 20, 'log, configuration, state, journals and media are looked through')
  for (const file of files) {
    const text = readFileSync(file, 'latin1')
    for (const form of forms) assert.not.ok(text.includes(form), file)
  }
  assert.is(statSync(join(stage.dir, 'state/device/key.pem')).mode & 0o777, 0o600)
}

story('a hearing is signed from its first lines to its last, over a crash', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(11)
  await stage.recorder.end('SIGKILL')
  await stage.ready()
  await stage.recorded(14)
  await stage.press('off')
  await sleep(RECESS_MS)
  await stage.press('rec')
  await stage.recorded(16)
  await stage.stop()
  await assertWhole(stage, hearing)

  const journal = assertClosed(stage, hearing)
  assertSigned(stage, hearing, journal)
  const [closed] = journal.of('hearing-closed')
  assert.is(journal.of('signature').at(-1)!.upto, closed!.n, 'the last signature speaks for the closing')
  const pauseMs = longestPauseMs(journal)
  assert.ok(pauseMs <= APART_MS, `${pauseMs} ms without a signature`)
  console.log(`      ${journal.of('signature').length} signatures, at most ${Math.round(pauseMs)} ms apart`)

  const [first, second, ...more] = journal.of('device')
  assert.equal(more, [])
  assert.is(first!.device, 'Court of stories, Room 1')
  assert.equal([second!.key, second!.certificates], [first!.key, first!.certificates], 'the same device goes on')
  assert.ok(first!.n < journal.of('signature')[0]!.n)
  assert.ok(second!.n > journal.of('interrupted')[0]!.n)
  for (const { n } of journal.of('checkpoint'))
    assert.ok(
      journal.of('signature').some(({ upto }) => upto >= n && upto - n < 5),
      `checkpoint ${n}`,
    )
  const tests = journal.of('self-test')
  assert.is(tests.length, 2, 'each recorder tested itself')
  for (const what of ['key', 'certificate', 'store store', 'store mirror', 'GStreamer', 'software'])
    assert.is(tests[0]!.results.find((result) => result.what === what)?.ok, true, what)
  const remarks = await remarksOn(stage, hearing)
  assert.ok(remarks.has('self-signed'))
  for (const code of remarks) assert.not.match(code, /^signature|^unsigned|^closing|^device/)
  assertKeptSecret(stage)
})

story('a key that a crash has torn stops nothing: another signs from then on, and that is told', {}, async (stage) => {
  await stage.ready()
  const hearing = await stage.rec()
  await stage.recorded(2)
  await stage.recorder.end('SIGKILL')
  writeFileSync(join(stage.dir, 'state/device/key.pem'), '-----BEGIN PRIVATE KEY-----\nMC4CAQAw')
  await stage.ready()
  await stage.recorded(6)
  await stage.stop()
  await assertWhole(stage, hearing)

  const journal = assertClosed(stage, hearing)
  assertSigned(stage, hearing, journal)
  assert.is(journal.of('signature').at(-1)!.upto, journal.of('hearing-closed')[0]!.n)
  assert.is(new Set(journal.of('device').map(({ key }) => key)).size, 2)
  assert.ok((await remarksOn(stage, hearing)).has('device-replaced'))
  const repaired = journal.of('self-test')[1]!.results.filter(({ what }) => what === 'key repaired')
  assert.match(repaired[0]!.detail, 'key.pem.set-aside')
  assert.match(stage.recorder.said, 'The key of this recorder was damaged')
  assertKeptSecret(stage)
})

test.run()
