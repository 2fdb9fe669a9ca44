import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FAULT_CODES } from '../../controller/journal/fault.ts'
import { BYTE_FINDINGS, PROOF_FINDINGS } from '../../controller/journal/verify/finding.ts'

/** Tables are padded by the formatter; one space is as good as ten. */
const read = (path: string) =>
  readFileSync(new URL(`../../controller/${path}`, import.meta.url), 'utf8').replaceAll(/ +/g, ' ')
const format = read('journal/README.md')
const checks = read('ports/evidence/README.md')
const proofs = read('journal/verify/README.md')

test('every fault is in the format', () => {
  for (const code of Object.keys(FAULT_CODES)) assert.ok(format.includes(`| \`${code}\` |`), code)
})

test('every kind of line is in the format', () => {
  const kinds = [...read('journal/entry.ts').matchAll(/kind: '([a-z-]+)'/g)].map(([, kind]) => kind)
  assert.ok(kinds.length > 15)
  for (const kind of kinds) assert.ok(format.includes(`\`${kind}\``), kind)
})

test('every finding is documented with its weight', () => {
  for (const [code, severity] of Object.entries(BYTE_FINDINGS))
    assert.ok(checks.includes(`| \`${code}\` | ${severity} |`), code)
  for (const [code, severity] of Object.entries(PROOF_FINDINGS))
    assert.ok(proofs.includes(`| \`${code}\` | ${severity} |`), code)
})

test.run()
