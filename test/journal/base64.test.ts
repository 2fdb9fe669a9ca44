import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wrongField } from '../../controller/journal/shape.ts'

const line = (token: string) => ({
  ...{ n: 0, utc: '2026-11-23T09:00:00.000Z', monoMs: 0, kind: 'timestamp', prev: '0'.repeat(64) },
  ...{ upto: 0, head: '0'.repeat(64), token },
})

test('bytes have one form in base64: bits behind the last byte are zero', () => {
  for (const good of ['', 'AA==', 'AAA=', 'AAAA', '/w==', '//8=']) assert.is(wrongField(line(good)), null, good)
  for (const bad of ['AB==', 'AAB=', '/x==', '//9=', 'A===', 'AAAAA']) assert.is(wrongField(line(bad)), 'token', bad)
})

test.run()
