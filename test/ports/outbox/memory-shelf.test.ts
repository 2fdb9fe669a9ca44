import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MemoryShelf } from '../../../controller/ports/outbox/memory-shelf.ts'
import { event, openOutbox, shelfContract } from './contract.ts'

shelfContract(test, () => new MemoryShelf())

test('what was acknowledged occupies nothing', async () => {
  const shelf = new MemoryShelf()
  const { outbox } = openOutbox(shelf)
  for (let n = 0; n < 100; n++) outbox.raise(event())
  await outbox.settled()
  assert.ok(shelf.bytes > 0)
  await outbox.acknowledge({ upto: 100, ahead: [] })
  assert.is(shelf.bytes, 0)
})

test.run()
