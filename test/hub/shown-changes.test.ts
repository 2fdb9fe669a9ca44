import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ShownChanges } from '../../controller/hub/shown-changes.ts'
import type { AlarmRow, Live, RoomRow } from '../../controller/wire/console.ts'
import { until } from '../stories/stage/until.ts'

const test = suite('what consoles are told of')

const changed = (listener: (live: Live) => void): ShownChanges => {
  const changes = new ShownChanges({
    room: (device) => ({ device }) as RoomRow,
    alarm: (device, id) => (id === 'cleared' ? null : ({ device, id } as AlarmRow)),
  })
  changes.subscribe(listener)
  return changes
}

test('a region that changes at once is told in several messages, each room once, alarms first', async () => {
  const told: Live[] = []
  const turns: number[] = []
  let turn = 0
  const changes = changed((live) => {
    told.push(live)
    turns.push(turn)
    setImmediate(() => turn++)
  })
  const devices = Array.from({ length: 1_800 }, (_, i) => `vb-${i}`)
  for (const device of [...devices, ...devices]) changes.room(device)
  changes.alarm('vb-7', 'raised')
  changes.alarm('vb-8', 'cleared')
  const rooms = () => told.flatMap((live) => (live.is === 'rooms' ? live.rooms : []))
  await until('all are told', 30, () => rooms().length >= devices.length)
  assert.equal(
    told.slice(0, 3).map(({ is }) => is),
    ['alarms', 'cleared', 'rooms'],
  )
  assert.equal(
    rooms()
      .map(({ device }) => device)
      .toSorted(),
    devices.toSorted(),
  )
  for (const live of told) if (live.is === 'rooms') assert.ok(live.rooms.length <= 500)
  assert.ok(new Set(turns).size >= 4, 'a page has time to read between them')
  changes.close()
})

test('what changes again meanwhile is told again', async () => {
  const told: string[] = []
  const changes = changed((live) => {
    if (live.is === 'rooms') told.push(...live.rooms.map(({ device }) => device))
  })
  changes.room('vb-1')
  await until('told', 30, () => told.length === 1)
  changes.room('vb-1')
  await until('told again', 30, () => told.length === 2)
  changes.close()
})

test.run()
