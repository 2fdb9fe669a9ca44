import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { onEachStore } from '../../controller/base/each-store.ts'

const never = new Promise<never>(() => {})

test('a store that hangs and one that fails are left out; the others keep their order', async () => {
  const answers = await onEachStore(
    ['slow', 'hung', 'broken', 'quick'],
    async (store) => {
      if (store === 'hung') await never
      if (store === 'broken') throw new Error('EIO')
      if (store === 'slow') await delay(50)
      return store.length
    },
    200,
  )
  assert.equal(answers, [
    { store: 'slow', value: 4 },
    { store: 'quick', value: 5 },
  ])
})

test('long work that says it is alive is waited for', async () => {
  const answers = await onEachStore(
    ['long'],
    async (store, alive) => {
      for (let i = 0; i < 10; i++) {
        await delay(50)
        alive()
      }
      return store
    },
    200,
  )
  assert.is(answers.length, 1)
})

test.run()
