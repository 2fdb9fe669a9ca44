import type { X509Certificate } from '@peculiar/x509'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EntryBody } from '../../../controller/journal/entry.ts'
import type { FindingCode } from '../../../controller/journal/verify/finding.ts'
import { type VerifyOptions, verifyHearing } from '../../../controller/journal/verify/verify.ts'
import { readBundle } from '../../../controller/ports/proof/certificates.ts'
import { nodeProof } from '../../../controller/ports/proof/node-proof.ts'
import { makeIdentity, type TestIdentity } from '../../builders/identity.ts'
import { stampAt } from '../../builders/journal.ts'
import { memoryFiles } from '../../builders/memory-files.ts'
import { OpensslAuthority } from '../../builders/openssl.ts'
import { goodHearing, SignedHearing } from '../../builders/signed-hearing.ts'

const root = await makeIdentity('Court hub', { authority: true })
const device = await makeIdentity('room-3', { by: root })
const witness = await makeIdentity('Hub witness', { by: root })
const alone = await makeIdentity('room-4')
const stranger = await makeIdentity('stranger')
const why = { clerk: 'Power failed.', engineer: 'boot' }

type Folder = Map<string, Uint8Array>

const verify = (folder: Folder, trust: TestIdentity[] | null = [root], options: VerifyOptions = {}) =>
  verifyHearing(memoryFiles(folder), nodeProof(trust?.map(({ certificate }) => certificate) ?? null), options)

const look = async (folder: Folder, trust?: TestIdentity[] | null, options?: VerifyOptions) => {
  const { verdict, findings } = await verify(folder, trust, options)
  return { verdict, codes: findings.map(({ code }) => code), findings }
}

const begun = (by = device) => new SignedHearing(by).open().record().sign()
const ended = (hearing: SignedHearing, by = witness) => hearing.close().sign().receipt(by).folder()

const changed = (folder: Folder, path: string, change: (bytes: Buffer) => Uint8Array): Folder => {
  const bytes = Buffer.from(folder.get(path)!)
  return new Map([...folder, [path, change(bytes)]])
}

test('a hearing that is signed, certified and witnessed is authentic', async () => {
  const found = await verify(goodHearing(device, witness).folder())
  assert.equal([found.verdict, found.findings], ['authentic', []])
  assert.equal([found.device?.name, found.device?.issuer, found.device?.trusted], ['room-3', 'Court hub', true])
  assert.equal([found.signed?.count, found.witnessed?.count], [2, 2])
  assert.equal([found.signed?.upto, found.witnessed?.upto], [8, 8])
})

/** Findings of hearings that went another way: name, hearing, trust, verdict, codes. */
type Case = [string, () => Folder, FindingCode[], string?, (TestIdentity[] | null)?]

const mark: EntryBody = { kind: 'mark', mediaMs: 0, note: '', by: 'clerk' }
const interrupted: EntryBody = {
  ...{ kind: 'interrupted', lastUtc: stampAt(3).utc, boot: 'boot-2', zeroMonoMs: 5_000, reason: why },
}
const bent = (signature: string) => `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`
const remark = 'authentic-with-remarks'
const wrong = 'not-authentic'

const cases: Case[] = [
  [
    'a false signature',
    () =>
      ended(
        begun()
          .record()
          .sign({ signature: device.sign('else') }),
      ),
    ['signature-bad'],
    wrong,
  ],
  ['another head signed', () => ended(begun().sign({ head: '0'.repeat(64) })), ['signature-head'], wrong],
  ['a signature for a line to come', () => ended(begun().sign({ upto: 99 })), ['signature-place'], wrong],
  ['a signature by another key', () => ended(begun().sign({}, stranger)), ['signature-foreign'], wrong],
  ['a signature before any device', () => ended(lateDevice()), ['signature-foreign'], wrong],
  ['a key that is not its name', () => ended(begunWith({ ...device, key: stranger.key })), ['device-key'], wrong],
  [
    'a certificate for another key',
    () => ended(begun({ ...device, certificates: stranger.certificates })),
    ['device-certificate'],
    wrong,
  ],
  ['no certificate', () => ended(begun({ ...device, certificates: [] })), ['device-certificate'], wrong],
  [
    'a certificate that is garbage',
    () => ended(begun({ ...device, certificates: ['AAAA'] })),
    ['device-certificate'],
    wrong,
  ],
  [
    'certificates that do not follow',
    () => ended(begun({ ...device, certificates: [device.certificates[0]!, ...stranger.certificates] })),
    ['device-chain', 'device-untrusted'],
    wrong,
  ],
  ['another device with no interruption', () => ended(replaced(false)), ['device-changed'], wrong],
  ['another device after an interruption', () => ended(replaced(true)), ['device-replaced', 'interruption'], remark],
  ['no signature', () => new SignedHearing(device).open().record().close().folder(), ['unsigned'], 'unknown'],
  [
    'an end that is not signed',
    () => begun().record().receipt(witness).folder(),
    ['unsigned-end', 'hearing-open'],
    remark,
  ],
  [
    'a long end that is not signed',
    () => late(begun().receipt(witness), 100).record().folder(),
    ['unsigned-long', 'hearing-open'],
    'unknown',
  ],
  [
    'a closing that is not signed',
    () => begun().receipt(witness).close().folder(),
    ['unsigned-end', 'closing-unsigned', 'unwitnessed-end'],
    remark,
  ],
  ['signatures far apart', () => ended(late(begun(), 40)), ['signature-late'], remark],
  ['a hearing that was not closed', () => begun().receipt(witness).folder(), ['hearing-open'], remark],
  ['a device that certifies itself', () => ended(begun(alone)), ['self-signed', 'witness-unchecked'], remark, null],
  [
    'a device whose issuer nobody asked about',
    () => ended(begun()),
    ['device-unchecked', 'witness-unchecked'],
    remark,
    null,
  ],
  ['a device that is not trusted', () => ended(begun(alone)), ['device-untrusted'], wrong],
  ['a device that is itself on the list', () => ended(begun(alone)), [], 'authentic', [alone, root]],
  [
    'a mark after the closing',
    () => {
      const it = begun().close()
      it.line(mark)
      return it.sign().receipt(witness).folder()
    },
    ['after-closing'],
    wrong,
  ],
  ['a second closing', () => ended(begun().close()), ['after-closing'], wrong],
  [
    'a kind nobody knows after the closing',
    () => {
      const it = begun().close()
      it.line({ ...mark, kind: 'new' } as never)
      return it.sign().receipt(witness).folder()
    },
    ['after-closing'],
    wrong,
  ],
  ['a hearing opened twice', () => ended(begun().open()), ['opening-wrong'], wrong],
  ['no opening', () => noOpening(), ['opening-wrong', 'signature-bad', 'unsigned', 'hearing-open'], wrong],
  ['no receipt', () => begun().close().sign().folder(), ['unwitnessed'], remark],
  [
    'a false receipt',
    () =>
      begun()
        .close()
        .sign()
        .receipt(witness)
        .receipt(witness, 3, 2, { signature: bent(witness.sign('x')) })
        .folder(),
    ['receipt-bad'],
    wrong,
  ],
  [
    'a receipt under a false name',
    () => begun().close().sign().receipt(witness).receipt(witness, 3, 2, { witness: stranger.key }).folder(),
    ['receipt-bad'],
    wrong,
  ],
  [
    'a receipt for another head',
    () =>
      begun()
        .close()
        .sign()
        .receipt(witness)
        .receipt(witness, 3, 2, { head: sha('x') })
        .folder(),
    ['receipt-differs'],
    wrong,
  ],
  [
    'a receipt beyond the end',
    () => begun().close().sign().receipt(witness).receipt(witness, 40).folder(),
    ['receipt-beyond'],
    wrong,
  ],
  [
    'a witness nobody trusts',
    () => begun().close().sign().receipt(stranger).folder(),
    ['witness-untrusted', 'unwitnessed'],
    remark,
  ],
  [
    'a receipt that came late',
    () => begun().close().sign().receipt(witness, undefined, 600).folder(),
    ['witnessed-late'],
    remark,
  ],
  [
    'an end that nobody witnessed',
    () => begun().receipt(witness).record().close().sign().folder(),
    ['unwitnessed-end'],
    remark,
  ],
  [
    'a device clock ahead of the witness',
    () => begun().close().sign().receipt(witness).receipt(witness, 3, -60).folder(),
    ['clock-ahead'],
    remark,
  ],
  [
    'a clock step',
    () => {
      const it = begun()
      it.line({ kind: 'clock', boot: 'boot-1', ...stampNow(it), synchronized: true, stepMs: 3_600_000 })
      return ended(it)
    },
    ['clock-step'],
    remark,
  ],
  [
    'a clock nobody sets',
    () => {
      const it = begun()
      it.line({ kind: 'clock', boot: 'boot-1', ...stampNow(it), synchronized: false, stepMs: 0 })
      return ended(it)
    },
    ['clock-free'],
    remark,
  ],
  [
    'an interruption',
    () => {
      const it = begun()
      it.line(interrupted)
      return ended(it.name())
    },
    ['interruption'],
    remark,
  ],
  ['an expired certificate', () => ended(begun(expired)), ['certificate-expired'], remark],
  ['a certificate of the future', () => ended(begun(early)), ['certificate-early'], remark],
  [
    'a time stamp of another line',
    () => {
      const it = begun()
      it.line({ kind: 'timestamp', upto: 1, head: sha('x'), token: 'AAAA' })
      return ended(it)
    },
    ['stamp-head'],
    wrong,
  ],
  [
    'a time stamp that is garbage',
    () => {
      const it = begun()
      it.line({ kind: 'timestamp', upto: 1, head: it.heads[1]!, token: 'AAAA' })
      return ended(it)
    },
    ['stamp-bad'],
    wrong,
  ],
]

const expired = await makeIdentity('room-5', { by: root, toUtc: '2026-11-01T00:00:00Z' })
const early = await makeIdentity('room-6', { by: root, fromUtc: '2026-12-01T00:00:00Z' })

function sha(text: string): string {
  return nodeProof().sha256(Buffer.from(text))
}
function stampNow({ second }: SignedHearing) {
  const { utc, monoMs } = stampAt(second)
  return { monoMs, utcMs: Date.parse(utc) }
}
function late(hearing: SignedHearing, seconds: number): SignedHearing {
  hearing.second += seconds
  return hearing
}
function begunWith(named: TestIdentity): SignedHearing {
  return new SignedHearing(named).open().record().sign()
}
function lateDevice(): SignedHearing {
  const hearing = new SignedHearing(device)
  hearing.line({ ...(JSON.parse(begun().lines[0]!) as EntryBody) })
  return hearing.sign().name()
}
function replaced(afterInterruption: boolean): SignedHearing {
  const other = other3
  const hearing = begun()
  if (afterInterruption) hearing.line(interrupted)
  hearing.device = other
  return hearing.name().record().sign()
}
function noOpening(): Folder {
  const hearing = new SignedHearing(device)
  hearing.line(mark)
  return hearing.name().sign().folder()
}
const other3 = await makeIdentity('room-3b', { by: root })

for (const [name, folder, expected, verdict, trust] of cases)
  test(`${name}: ${verdict}, ${expected.join(' and ') || 'nothing found'}`, async () => {
    const found = await look(folder(), trust === undefined ? [root] : trust)
    assert.equal([found.codes, found.verdict], [expected, verdict])
  })

test('a byte of media flipped is told with its track, file, bytes, media time and time of day', async () => {
  const folder = changed(goodHearing(device, witness).folder(), 'judge/0001.mp4', (bytes) => {
    bytes[80]! ^= 1
    return bytes
  })
  const { verdict, findings } = await look(folder)
  const { code, track, file, offset, bytes, fromMs, toMs, fromUtc, toUtc } = findings[0]!
  assert.equal(
    [verdict, code, track, file, offset, bytes],
    [wrong, 'fragment-damaged', 'judge', 'judge/0001.mp4', 72, 72],
  )
  assert.equal([fromMs, toMs, fromUtc, toUtc], [480, 960, '2026-11-23T09:00:00.480Z', '2026-11-23T09:00:00.960Z'])
})

test('a journal cut after a witness saw its end, with the witness’ own receipts', async () => {
  const whole = goodHearing(device, witness)
  const receipt = `${JSON.stringify(whole.receiptFor(witness, 8))}\n`
  const cut = new Map([...whole.folder(), ['journal.ndjson', Buffer.from(whole.lines.slice(0, 6).join(''))]])
  assert.is((await look(cut)).verdict, remark)
  const receipts = { files: memoryFiles(new Map([['r', Buffer.from(receipt)]])), path: 'r' }
  const found = await look(cut, [root], { receipts })
  assert.equal([found.verdict, found.codes.includes('receipt-beyond')], [wrong, true])
  const beside = new Map([...cut, ['receipts.ndjson', Buffer.from(receipt)]])
  assert.ok((await look(beside)).codes.includes('receipt-beyond'))
})

test('receipts beside the journal: good, spoiled, cut, none', async () => {
  const hearing = begun().close().sign()
  const good = JSON.stringify(hearing.receiptFor(witness))
  for (const [text, expected] of [
    [`${good}\n`, []],
    [`${good}\n${good.replace('"upto"', '"uptο"')}\n`, ['receipt-void']],
    [`${good}\n${good.replace(/"receivedUtc":"2026/, '"receivedUtc":"2027')}\n`, ['receipt-void']],
    [`${good}\n{ }\n`, ['receipt-void']],
    [`${good}\n${good.slice(0, 40)}`, ['receipt-void']],
    ['', ['unwitnessed']],
  ] as const) {
    const { codes } = await look(new Map([...hearing.folder(), ['receipts.ndjson', Buffer.from(text)]]))
    assert.equal(codes, expected, text.slice(0, 100))
  }
  const receipts = { files: memoryFiles(new Map()), path: 'none' }
  assert.ok((await look(hearing.folder(), [root], { receipts })).codes.includes('receipts-unreadable'))
})

const order = (fromMs: number, toMs: number, tracks: string[] = []): EntryBody => ({
  ...{ kind: 'seal', seal: 'seal-1', tracks, fromMs, toMs, by: 'Judge A.', reason: why },
})
const box = (bytes: number): Buffer => {
  const free = Buffer.alloc(bytes)
  free.writeUInt32BE(bytes)
  free.write('free', 4)
  return free
}
/** Replaces the second fragment of the judge's track. */
const sealed = (folder: Folder, content = box(72)): Folder =>
  changed(folder, 'judge/0001.mp4', (bytes) => {
    content.copy(bytes, 72)
    return bytes
  })

test('a seal: whole, replaced, replaced by something else, beside it, not signed', async () => {
  const sealing = (body: EntryBody, signed = true) => {
    const hearing = begun().record().record().close().sign().receipt(witness)
    hearing.line(body)
    return (signed ? hearing.sign() : hearing).folder()
  }
  const good = sealing(order(500, 900, ['judge']))
  assert.equal((await look(good)).codes, ['seal'])
  const copy = await look(sealed(good))
  assert.equal([copy.verdict, copy.codes], [remark, ['fragment-sealed', 'seal']])
  assert.equal([copy.findings[0]!.offset, copy.findings[0]!.bytes], [72, 72])
  const other = Buffer.from(box(72))
  other[71] = 1
  assert.equal((await look(sealed(good, other))).codes, ['fragment-damaged', 'seal'])
  assert.equal((await look(sealed(sealing(order(960, 1_000))))).codes, ['fragment-damaged', 'seal'])
  assert.equal((await look(sealed(sealing(order(500, 900, ['hall']))))).codes, ['fragment-damaged', 'seal'])
  const unsigned = await look(sealed(sealing(order(500, 900), false)))
  assert.equal([unsigned.verdict, unsigned.codes], [wrong, ['fragment-damaged', 'seal-unsigned', 'seal']])
})

test('a time stamp that holds, that nobody checked, that nobody trusts', async () => {
  const openssl = new OpensslAuthority()
  try {
    const tsa = readBundle(openssl.certify('tsa-root', 'authority', 'EC:P-256'))
    openssl.certify('tsa', 'stamper', 'EC:P-256', 'tsa-root')
    // Kept by the machine's own clock, not by the hearing's.
    const hearing = begun()
    const line = Buffer.from(hearing.lines[1]!.slice(0, -1))
    const token = Buffer.from(openssl.stamp(line, 'tsa')).toString('base64')
    hearing.line({ kind: 'timestamp', upto: 1, head: hearing.heads[1]!, token })
    const files = memoryFiles(ended(hearing))
    const check = async (trust: readonly X509Certificate[] | null) => {
      const { findings, stamped } = await verifyHearing(files, nodeProof(trust))
      return [stamped?.count ?? 0, findings.map(({ code }) => code).filter((code) => code.startsWith('stamp'))]
    }
    assert.equal(await check([root.certificate, ...tsa]), [1, []])
    assert.equal(await check([root.certificate]), [0, ['stamp-untrusted']])
    assert.equal(await check(null), [1, ['stamp-unchecked']])
  } finally {
    openssl.close()
  }
})

test('with the mirror', async () => {
  const hearing = goodHearing(device, witness)
  const mirror = memoryFiles(hearing.folder())
  const flipped = changed(hearing.folder(), 'hall/0001.mp4', (bytes) => {
    bytes[0]! ^= 1
    return bytes
  })
  assert.equal((await look(hearing.folder(), [root], { mirror })).codes, [])
  const { findings } = await look(flipped, [root], { mirror })
  assert.is(findings[0]!.onMirror, true)
  const bytes = Buffer.from(hearing.lines.slice(0, -1).join(''))
  const shorter = memoryFiles(new Map([...hearing.folder(), ['journal.ndjson', bytes]]))
  assert.equal((await look(hearing.folder(), [root], { mirror: shorter })).codes, ['mirror-shorter'])
})

test('no journal, an empty one, garbage, an endless line: unknown, in bounded memory', async () => {
  assert.equal((await look(new Map())).codes, ['journal-missing'])
  for (const bytes of [Buffer.alloc(0), Buffer.from('garbage\n'), Buffer.alloc(9 << 20, 'x')])
    assert.is((await look(new Map([['journal.ndjson', bytes]]))).verdict, 'unknown')
  const { codes } = await look(new Map([['journal.ndjson', Buffer.alloc(150_000, '\n')]]))
  assert.ok(codes.includes('journal-excessive'))
  assert.ok(codes.length < 600)
})

test('after the close another device may add a seal, and vouch for nothing that was recorded', async () => {
  const other = await makeIdentity('other device', { by: root })
  const seal = (hearing: SignedHearing) => {
    hearing.name(other)
    hearing.line({
      ...{ kind: 'seal', seal: 'seal-1', tracks: ['judge'], fromMs: 0, toMs: 1, by: 'Judge' },
      reason: { clerk: 'c', engineer: 'e' },
    })
    return hearing.sign({ key: other.key }, other)
  }
  const added = await look(seal(goodHearing(device)).folder(), [root])
  assert.is(added.verdict, 'authentic-with-remarks', added.codes.join())
  assert.ok(added.codes.includes('device-replaced'))
  const forged = new SignedHearing(device).open().record().sign().record().close()
  const { verdict, codes } = await look(seal(forged).folder(), [root])
  assert.is(verdict, 'not-authentic')
  assert.ok(codes.includes('signature-foreign'))
})

test('the same bytes say the same', async () => {
  const folder = changed(goodHearing(device, witness).folder(), 'journal.ndjson', (bytes) => bytes.subarray(0, 900))
  assert.equal(await verify(folder), await verify(folder))
})

test.run()
