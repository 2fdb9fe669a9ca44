import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ReportLog } from '../../controller/capture/report-log.ts'
import type { Fragment } from '../../controller/wire/capture.ts'

const fragment = (seq: number): Fragment => ({
  ...{ track: 't', run: 1, seq, file: 't/f.mp4', offset: seq, bytes: 1, sha256: 'a'.repeat(64) },
  ...{ mediaMs: seq * 480, durationMs: 480, samples: 12, codec: 'h264', stores: ['a', 'b'], gapMs: 0 },
})
const LAST = 12_000

test('what was told long ago comes from both indexes, torn lines and a store that stopped early included', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-log-'))
  const log = new ReportLog()
  for (let seq = 1; seq <= LAST; seq++) log.keep(fragment(seq))
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => JSON.stringify({ ...fragment(from + i), stores: undefined })).join(
      '\n',
    )
  const write = (store: string, text: string) => {
    mkdirSync(join(dir, store, 'h/index'), { recursive: true })
    writeFileSync(join(dir, store, 'h/index/s.ndjson'), text)
  }
  write('a', `${lines(1, 50)}\n{"track":"t","ru${lines(51, 51)}\n`)
  write('b', `${lines(1, LAST)}\n`)
  const stores = ['a', 'b'].map((name) => ({ name, path: join(dir, name) }))
  const open = { do: 'open', hearing: 'h', zeroMs: 0, atMs: 0, utcMs: 0, stores, writeTo: ['a', 'b'] } as const
  const told = await log.after({ t: 40 }, 1, 's', { ...open, writeTo: [...open.writeTo] })
  rmSync(dir, { recursive: true, force: true })
  const seqs = told.map((message) => (message.is === 'fragment' ? message.fragment.seq : 0))
  assert.equal(
    seqs,
    Array.from({ length: LAST - 40 }, (_, i) => 41 + i),
  )
})

test.run()
