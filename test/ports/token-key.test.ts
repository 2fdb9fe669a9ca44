// deadline: 60 s
/** A key in a PKCS#11 token: SoftHSM stands for the card. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import { openIdentity } from '../../controller/ports/identity/identity.ts'
import { isSignatureOf } from '../../controller/ports/identity/public-key.ts'
import type { TokenConfig } from '../../controller/ports/identity/token-key.ts'

const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/libsofthsm2.so']
const module = MODULES.find((path) => existsSync(path))
const PIN = '1234'
const BYTES = Buffer.from('a place in a journal\n')
const { PATH } = process.env

const run = (program: string, ...words: string[]): void => {
  execFileSync(program, words, { stdio: 'ignore' })
}

const makeToken = (dir: string): void => {
  mkdirSync(join(dir, 'tokens'))
  writeFileSync(join(dir, 'softhsm2.conf'), `directories.tokendir = ${join(dir, 'tokens')}\n`)
  process.env.SOFTHSM2_CONF = join(dir, 'softhsm2.conf')
  run('softhsm2-util', '--init-token', '--free', '--label', 'court', '--pin', PIN, '--so-pin', '567890')
  // The key that is meant is not the first one.
  for (const [label, id] of [
    ['another', '01'],
    ['device', '02'],
  ] as const) {
    const at = ['--module', module!, '--token-label', 'court', '--login', '--pin', PIN]
    run('pkcs11-tool', ...at, '--keypairgen', '--key-type', 'EC:edwards25519', '--label', label, '--id', id)
  }
  writeFileSync(join(dir, 'pin'), `${PIN}\n`)
}

interface Desk {
  dir: string
  config: TokenConfig
}
const test = suite<Desk>('token key')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-token-'))
  const pinFile = join(context.dir, 'pin')
  context.config = { kind: 'pkcs11', module: module!, tokenLabel: 'court', keyLabel: 'device', pinFile }
  makeToken(context.dir)
})
test.after.each(({ dir }) => {
  process.env.PATH = PATH
  rmSync(dir, { recursive: true, force: true })
})

const open = ({ dir, config }: Desk) => openIdentity({ config, dir: join(dir, 'device'), name: 'Court, Room' })

/** What the recorder finds on its path instead of OpenSC's tool; notes each call in `calls`. */
const replaceTool = (dir: string, script: string): void => {
  mkdirSync(join(dir, 'bin'), { recursive: true })
  const file = join(dir, 'bin/pkcs11-tool')
  writeFileSync(file, `#!/bin/sh\necho call >> ${join(dir, 'calls')}\n${script}\n`)
  chmodSync(file, 0o755)
  process.env.PATH = `${join(dir, 'bin')}:${PATH}`
}

const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.unreachable('it should have failed'),
    (fault: Error) => fault,
  ) as Promise<Error>

if (!module) console.log('SKIPPED  token key: no softhsm2')
else {
  test('the token signs with the key of that label, and certifies itself', async (desk) => {
    const identity = await open(desk)
    const signature = await identity.signer.sign(BYTES)
    assert.ok(isSignatureOf(identity.signer.publicKey, BYTES, signature))
    assert.equal(identity.repairs, [])
    assert.not.ok(existsSync(join(desk.dir, 'device/key.pem')), 'no key outside the token')
    assert.equal((await open(desk)).entry, identity.entry)
    const other = await open({ ...desk, config: { ...desk.config, keyLabel: 'another' } })
    assert.is.not(other.entry.key, identity.entry.key)
  })

  test('several signatures at once', async (desk) => {
    const { signer } = await open(desk)
    const texts = Array.from({ length: 6 }, (_, i) => Buffer.from(`place ${i}`))
    const signatures = await Promise.all(texts.map((text) => signer.sign(text)))
    assert.ok(texts.every((text, i) => isSignatureOf(signer.publicKey, text, signatures[i]!)))
  })

  test('a wrong PIN is tried once, for a token locks itself', async (desk) => {
    const { signer } = await open(desk)
    const real = execFileSync('which', ['pkcs11-tool'], { encoding: 'utf8' }).trim()
    writeFileSync(desk.config.pinFile, '9999')
    replaceTool(desk.dir, `exec ${real} "$@"`)
    assert.match((await rejection(signer.sign(BYTES))).message, /CKR_PIN_INCORRECT/)
    writeFileSync(desk.config.pinFile, PIN)
    assert.match((await rejection(signer.sign(BYTES))).message, /CKR_PIN_INCORRECT/)
    assert.is(execFileSync('wc', ['-l', join(desk.dir, 'calls')], { encoding: 'utf8' }).split(' ')[0], '1')
  })

  test('a token that is away keeps its name, and signs when it is back', async (desk) => {
    const first = await open(desk)
    replaceTool(desk.dir, 'echo "No slots." >&2; exit 1')
    const next = await open(desk)
    assert.equal(next.entry, first.entry)
    assert.match(next.repairs[0]!.engineer, /No slots/)
    await rejection(next.signer.sign(BYTES))
    process.env.PATH = PATH
    assert.ok(isSignatureOf(first.signer.publicKey, BYTES, await next.signer.sign(BYTES)))
  })

  test('a token that was never seen has a code of its own', async (desk) => {
    const fault = await rejection(open({ ...desk, config: { ...desk.config, tokenLabel: 'no such' } }))
    assert.is(codeOf(fault), 'IDENTITY_UNAVAILABLE')
    const noKey = await rejection(open({ ...desk, config: { ...desk.config, keyLabel: 'no such' } }))
    assert.match(noKey.message, 'no public key "no such" in token "court"')
  })

  test('a token that hangs is given up', async (desk) => {
    const { signer } = await open(desk)
    replaceTool(desk.dir, 'exec sleep 60')
    assert.match((await rejection(signer.sign(BYTES))).message, /no answer within/)
  })

  test('the PIN is on no command line and in no complaint', async (desk) => {
    const { signer } = await open(desk)
    writeFileSync(desk.config.pinFile, 'secret-pin')
    replaceTool(desk.dir, `echo "$@" >> ${join(desk.dir, 'words')}; echo "$@" >&2; exit 1`)
    const { message } = await rejection(signer.sign(BYTES))
    assert.ok(message.includes('env:VERBATIM_PIN'))
    assert.not.ok(message.includes('secret-pin'))
  })
}

test.run()
