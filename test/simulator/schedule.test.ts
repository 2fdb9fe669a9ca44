import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Schedule } from '../../controller/simulator/schedule.ts'
import { simulatedTime } from '../../controller/simulator/simulated-time.ts'

test('nothing is done before its time, nothing twice, and what is late is done in its order', () => {
  let nowMs = 1_000
  const schedule = new Schedule(() => nowMs)
  const done: string[] = []
  schedule.after(250, () => done.push('b'))
  schedule.after(100, () => {
    done.push('a')
    schedule.after(0, () => done.push('a again'))
  })
  schedule.after(90_000, () => done.push('c'))
  schedule.run()
  nowMs += 99
  schedule.run()
  assert.equal(done, [])
  nowMs += 10_000
  schedule.run()
  assert.equal(done, ['a', 'b'])
  nowMs += 200
  schedule.run()
  schedule.run()
  assert.equal(done, ['a', 'b', 'a again'])
  nowMs += 90_000
  schedule.run()
  assert.equal(done.at(-1), 'c')
  schedule.stop()
})

test('a day that runs ten times as fast comes to each of its moments at a time of the world, and back', () => {
  const time = simulatedTime(1_000_000, 50_000_000, 10)
  assert.is(time.at(1_000_000), 50_000_000)
  assert.is(time.at(1_060_000), 50_600_000)
  for (const realMs of [900_000, 1_000_001, 1_234_567]) assert.is(time.toUtc(time.at(realMs)), realMs)
})

test.run()
