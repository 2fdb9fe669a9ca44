import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf, ERROR_CODES, messageOf, VerbatimError } from '../../controller/base/error.ts'
import { reason } from '../../controller/base/reason.ts'

test('every code is printed in the README, in the order of the list', () => {
  const text = readFileSync('controller/base/README.md', 'utf8')
  const printed = [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code)
  assert.equal(printed, Object.keys(ERROR_CODES))
})

test('an error keeps its code and what lies beneath it', () => {
  const cause = new Error('beneath')
  const error = new VerbatimError('REFUSED', 'no', { cause })
  assert.is(codeOf(error), 'REFUSED')
  assert.is(error.cause, cause)
  assert.is(error.name, 'VerbatimError')
  assert.instance(error, Error)
})

test('anything thrown has a message and a code', () => {
  const full = Object.assign(new Error('no room'), { code: 'ENOSPC' })
  const odd = Object.assign(new Error('odd'), { code: 7 })
  assert.equal([full, odd, new Error('plain'), 'text', null, undefined, { code: 'X' }].map(codeOf), [
    'ENOSPC',
    ...Array(6).fill('UNKNOWN'),
  ])
  assert.equal([full, 'text', null, 3].map(messageOf), ['no room', 'text', 'null', '3'])
})

test('a reason is said twice, in the same words when there is but one', () => {
  assert.equal(reason('The disk is full.', 'ENOSPC'), { clerk: 'The disk is full.', engineer: 'ENOSPC' })
  assert.equal(reason('Stopped.'), { clerk: 'Stopped.', engineer: 'Stopped.' })
})

test.run()
