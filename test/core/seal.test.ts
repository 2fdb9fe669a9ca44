import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Portion } from '../../controller/core/event.ts'
import { openHearing, Room, recordingRoom, WHY } from './room.ts'

const ask = (room: Room, portion: Partial<Portion> = {}, hearing = '') =>
  room.tell({
    is: 'seal-asked',
    hearing,
    portion: { tracks: [], fromMs: 500, toMs: 1_500, ...portion },
    by: 'Judge',
    why: 'witness protection',
    request: 5,
  })
const answers = (room: Room): string[] => room.done('answer').map(({ code }) => code)

test('during the hearing a seal is a line, numbered, with who and why', () => {
  const room = recordingRoom(2_000)
  room.forget()
  ask(room)
  ask(room, { tracks: ['bench'] })
  assert.equal(
    room.journalled('seal').map(({ seal, tracks, by }) => [seal, tracks, by]),
    [
      ['seal-1', [], 'Judge'],
      ['seal-2', ['bench'], 'Judge'],
    ],
  )
  assert.match(room.journalled('seal')[0]!.reason.clerk, /0:00:00.5 to 0:00:01.5: witness protection/)
  assert.equal(answers(room), ['SEALED', 'SEALED'])
})

test('what is not there, or has not been, cannot be sealed', () => {
  const room = recordingRoom(2_000)
  room.forget()
  ask(room, { tracks: ['nobody'] })
  ask(room, { toMs: 60_000 })
  ask(room, { fromMs: 1_500, toMs: 1_500 })
  ask(room, {}, 'no-such-hearing')
  assert.equal(answers(room), ['SEAL_INVALID', 'SEAL_INVALID', 'SEAL_INVALID', 'NO_HEARING'])
  assert.equal(room.journalled('seal'), [])
})

test('after the hearing its port puts the seal on, and its word is the answer', () => {
  const room = recordingRoom(2_000)
  room.press('stop')
  room.closeAll()
  room.forget()
  ask(room)
  const [command] = room.done('seal-closed')
  assert.equal(command && [command.hearing, command.portion.fromMs], [(room.state.hearing as { id: string }).id, 500])
  assert.equal(answers(room), [])
  room.tell({ is: 'closed-sealed', hearing: command!.hearing, ok: false, request: 5, reason: WHY })
  assert.equal(answers(room), ['SEAL_FAILED'])
})

test('after an interruption the numbers go on', () => {
  const room = new Room()
  room.start(openHearing({ seals: 2 }))
  room.tick()
  room.forget()
  ask(room)
  assert.is(room.journalled('seal')[0]?.seal, 'seal-3')
})

test.run()
