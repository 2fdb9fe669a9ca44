import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Command } from '../../controller/core/command.ts'
import type { Room } from './room.ts'
import {
  HEARING_STATES,
  roomWithHearing,
  roomWithSource,
  roomWithStore,
  SOURCE_STATES,
  STORE_STATES,
  samplesOf,
  storeStateOf,
} from './samples.ts'
import { HEARING_TABLE } from './tables/hearing.ts'
import { SOURCE_TABLE } from './tables/source.ts'
import { STORE_TABLE } from './tables/store.ts'

/** `open-gate*2 journal:press answer:STARTED` */
const summary = (commands: Command[]): string => {
  const counts = new Map<string, number>()
  for (const one of commands) {
    const detail = one.do === 'journal' ? `:${one.body.kind}` : one.do === 'answer' ? `:${one.code}` : ''
    counts.set(one.do + detail, (counts.get(one.do + detail) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${name}*${count}` : name)).join(' ')
}

interface Machine {
  table: string
  states: readonly string[]
  room: (state: never) => Room
  stateOf: (room: Room) => string
}

const MACHINES: Record<string, Machine> = {
  hearing: {
    table: HEARING_TABLE,
    states: HEARING_STATES,
    room: roomWithHearing,
    stateOf: (room) => room.state.hearing.is,
  },
  source: {
    table: SOURCE_TABLE,
    states: SOURCE_STATES,
    room: roomWithSource,
    stateOf: (room) => room.state.sources.judge!.is,
  },
  store: {
    table: STORE_TABLE,
    states: STORE_STATES,
    room: roomWithStore,
    stateOf: storeStateOf,
  },
}

/** `recording + button-pressed off -> off-record: close-gate*2 journal:state`; the state alone when it stays, `.` for no command. */
const actualRows = ({ states, room, stateOf }: Machine): string[] =>
  states.flatMap((state) =>
    Object.entries(samplesOf(room(state as never))).flatMap(([event, variants]) =>
      Object.keys(variants).map((variant) => {
        const fresh = room(state as never)
        const told = samplesOf(fresh)[event as keyof ReturnType<typeof samplesOf>][variant]!
        fresh.atMs += 250
        const commands = summary(fresh.tell(told))
        return `${state} + ${`${event} ${variant}`.trim()} -> ${stateOf(fresh)}: ${commands || '.'}`
      }),
    ),
  )

/** One block a state; events that change nothing stand together after `quiet:`. */
const expectedRows = (table: string): string[] =>
  table
    .trim()
    .split(/\n\s*\n/)
    .flatMap((block) => {
      const [state = '', ...lines] = block
        .trim()
        .split('\n')
        .map((line) => line.trim())
      return lines.flatMap((line) => {
        if (!line.startsWith('quiet:')) return [`${state} + ${line}`]
        return line
          .slice('quiet:'.length)
          .split(',')
          .map((event) => `${state} + ${event.trim()} -> ${state}: .`)
      })
    })

for (const [name, machine] of Object.entries(MACHINES)) {
  test(`${name}: every state times every event has its row, and does what it says`, () => {
    const actual = actualRows(machine)
    const expected = new Set(expectedRows(machine.table))
    const missing = actual.filter((row) => !expected.has(row))
    assert.equal(missing, [], `without a row, or otherwise than it says:\n${missing.join('\n')}`)
    assert.is(expected.size, actual.length, 'a row for nothing')
  })
}

test.run()
