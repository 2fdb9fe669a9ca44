import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rawPublicKey } from '../../controller/base/ed25519.ts'
import { reason } from '../../controller/base/reason.ts'
import type { SelfTestResult } from '../../controller/journal/entry.ts'
import type { Identity } from '../../controller/ports/identity/identity.ts'
import type { Probe } from '../../controller/ports/store/probe.ts'
import { elementsOf, type SelfTestOptions, selfTest } from '../../controller/recorder/self-test.ts'
import { SourceConfig } from '../../controller/wire/config.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const camera = SourceConfig.parse({
  kind: 'rtsp',
  name: 'judge',
  url: 'rtsp://camera/1',
  user: 'a b',
  password: 'c ! d',
})
const UTC = Date.parse('2026-11-24T09:00:00Z')

const identity = {
  signer: { publicKey: rawPublicKey(publicKey), sign: async (bytes: Uint8Array) => sign(null, bytes, privateKey) },
  entry: { device: 'Court, Room', key: 'ab', publicKey: '', certificates: [''] },
  validFrom: new Date('2000-01-01'),
  validTo: new Date('2030-01-01'),
  repairs: [],
} satisfies Identity

const good = (store: string): Probe => ({
  store,
  ok: true,
  freeBytes: 1,
  tookMs: 2,
  code: '',
  reason: reason('good', 'probe written'),
})

const tested = (changes: Partial<SelfTestOptions> = {}): Promise<SelfTestResult[]> =>
  selfTest({
    identity,
    sources: [camera],
    stores: [{ name: 'main' }],
    latestProbe: async (store) => good(store),
    isSynchronized: async () => true,
    software: { version: '1', sha256: 'cd', node: '20' },
    utcMs: UTC,
    ...changes,
  })

const failuresOf = (results: SelfTestResult[]): string[] =>
  results.filter(({ ok }) => !ok).map(({ what, detail }) => `${what}: ${detail}`)

test('a recorder in order passes every test', async () => {
  const results = await tested()
  assert.equal(failuresOf(results), [])
  assert.equal(
    results.map(({ what }) => what),
    ['key', 'certificate', 'store main', 'GStreamer', 'clock', 'software'],
  )
})

test('each fault is told by its own test', async () => {
  const bad = { ...good('main'), ok: false, reason: reason('full', 'ENOSPC: 3 bytes free') }
  const wrong = { ...identity, signer: { ...identity.signer, sign: async () => new Uint8Array(64) } }
  const repaired = { ...identity, repairs: [reason('read by others', 'the rights of the key file were 644')] }
  const cases: [Partial<SelfTestOptions>, RegExp[]][] = [
    [{ identity: wrong }, [/^key: what ab signs does not verify/]],
    [{ identity: reason('no key', 'No slots') }, [/^key: No slots/, /^certificate: No slots/]],
    [{ identity: repaired }, [/^key repaired: the rights of the key file were 644/]],
    [{ utcMs: Date.parse('2031-01-01') }, [/^certificate: .* to 2030/]],
    [{ latestProbe: async () => bad }, [/^store main: ENOSPC/]],
    [{ isSynchronized: async () => false }, [/^clock: not synchronised/]],
    [{ isSynchronized: async () => null }, [/^clock: neither chrony/]],
  ]
  for (const [changes, expected] of cases) {
    const failures = failuresOf(await tested(changes))
    assert.is(failures.length, expected.length, failures.join('\n'))
    for (const [i, pattern] of expected.entries()) assert.match(failures[i]!, pattern)
  }
})

test('what a pipeline is made of is read from its launch line, and no text in it is taken for an element', () => {
  const names = elementsOf(camera)
  for (const name of ['rtspsrc', 'rtph264depay', 'rtph265depay', 'h264parse', 'valve', 'gdppay', 'fdsink', 'tee'])
    assert.ok(names.includes(name), name)
  for (const name of ['a', 'b', 'c', 'd', 'judge', 'name', 'camera']) assert.not.ok(names.includes(name), name)
})

test.run()
