/** How wrong a shown presence was, from what devices and an onlooker say. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shownOnlineAfter } from '../../scripts/lib/fleet/shown-online.ts'

const test = suite('shown online after')
const A = (atMs: number) => ({ device: 'a', atMs })

test('each connection has its own time, whoever else connects', () => {
  const turns = new Map([
    ['a', [150, 900, 1_300]],
    ['b', [210]],
  ])
  assert.equal(
    shownOnlineAfter([A(100), { device: 'b', atMs: 200 }, A(1_000)], turns).toSorted((a, b) => a - b),
    [10, 50, 300],
  )
})

test('who was still shown online was never shown wrongly; who never is, is so for ever', () => {
  assert.equal(shownOnlineAfter([A(200)], new Map([['a', [100]]])), [0])
  assert.equal(shownOnlineAfter([A(200)], new Map([['a', [100, 150]]])), [Number.POSITIVE_INFINITY])
  assert.equal(shownOnlineAfter([A(200)], new Map()), [Number.POSITIVE_INFINITY])
})

test('a connection that ended before it was shown counts not', () => {
  assert.equal(shownOnlineAfter([A(100), A(200)], new Map([['a', [260]]])), [60])
})

test.run()
