import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf } from '../../controller/base/error.ts'
import { OwnDuty } from '../../controller/hub/own-duty.ts'
import { sleep, until } from '../stories/stage/until.ts'

const test = suite<{ duty: OwnDuty; done: number; told: (string | null)[]; why: string | null; hold: Promise<void> }>(
  'own duty',
)
const NEVER_MS = 3_600_000

test.before.each((room) => {
  Object.assign(room, { done: 0, told: [], why: null, hold: Promise.resolve() })
})
test.after.each(({ duty }) => duty.end())

const dutyIn = (room: Parameters<Parameters<typeof test>[1]>[0], everyMs: number, againMs: number) => {
  room.duty = new OwnDuty({
    ...{ everyMs, againMs },
    do: async () => {
      room.done++
      await room.hold
      if (room.why !== null) throw new Error(room.why)
    },
    told: (fault) => room.told.push(fault === null ? null : messageOf(fault)),
  })
}

test('is done again soon while it fails; each other reason is told once, and that it is well', async (room) => {
  dutyIn(room, NEVER_MS, 1)
  room.why = 'no room'
  room.duty.now()
  await until('tried several times', 10, () => room.done > 3)
  room.why = 'no disk'
  await until('the other reason', 10, () => room.told.length === 2)
  room.why = null
  await until('well', 10, () => room.told.length === 3)
  const { done } = room
  assert.equal(room.told, ['no room', 'no disk', null])
  await sleep(20)
  assert.is(room.done, done, 'it is done: not again until it is its turn')
})

test('what goes well is done in turn, and nothing is told of it', async (room) => {
  dutyIn(room, 1, NEVER_MS)
  room.duty.now()
  await until('several times', 10, () => room.done > 3)
  assert.equal(room.told, [])
  room.duty.end()
  const { done } = room
  await sleep(20)
  assert.ok(room.done <= done + 1)
})

test('whoever asks while it is being done has it done once more, not at the same time', async (room) => {
  dutyIn(room, NEVER_MS, NEVER_MS)
  let go = () => {}
  room.hold = new Promise((resolve) => {
    go = resolve
  })
  room.duty.now()
  for (let i = 0; i < 5; i++) room.duty.now()
  await sleep(5)
  assert.is(room.done, 1)
  go()
  await until('once more', 10, () => room.done === 2)
  await sleep(20)
  assert.is(room.done, 2)
})

test.run()
