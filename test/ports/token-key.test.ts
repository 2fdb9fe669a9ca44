// deadline: 60 s
/** A key in a PKCS#11 token: SoftHSM stands for the card. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isSignatureOf } from '../../controller/base/ed25519.ts'
import { codeOf } from '../../controller/base/error.ts'
import { openIdentity } from '../../controller/ports/identity/identity.ts'
import type { TokenConfig } from '../../controller/ports/identity/token-key.ts'
import { makeToken, noTokens, PIN, replaceTool, restoreTool } from '../builders/token.ts'

const why = noTokens()
const BYTES = Buffer.from('a place in a journal\n')

interface Desk {
  dir: string
  config: TokenConfig
}
const test = suite<Desk>('token key')
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'verbatim-token-'))
  if (!why) context.config = makeToken(context.dir)
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const open = ({ dir, config }: Desk) => openIdentity({ config, dir: join(dir, 'device'), name: 'Court, Room' })

const rejection = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.unreachable('it should have failed'),
    (fault: Error) => fault,
  ) as Promise<Error>

if (why) test('a token', () => console.log(`SKIPPED  token key: ${why}`))
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
    writeFileSync(desk.config.pinFile, '9999')
    replaceTool(desk.dir, 'exec /usr/bin/pkcs11-tool "$@"')
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
    restoreTool(desk.dir)
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
