import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BOARD_INPUTS, BOARD_OUTPUTS } from '../../../controller/wire/board.ts'
import { VirtualBoard } from '../../../hardware/virtual/board/virtual-board.ts'
import { HeardBoard, newDir } from '../../builders/board.ts'
import { until } from '../../stories/stage/until.ts'
import { type Bench, boardContract } from './contract.ts'

const PROFILE = 'hardware/profiles/virtual-courtroom.json'
const { socket, debounceMs } = JSON.parse(readFileSync(PROFILE, 'utf8')) as { socket: string; debounceMs: number }

boardContract('virtual board', async (): Promise<Bench> => {
  const runtimeDir = newDir()
  const path = join(runtimeDir, socket)
  let board = new VirtualBoard(path)
  await board.ready
  return {
    ...{ profile: PROFILE, runtimeDir, debounceMs, inputs: BOARD_INPUTS, outputs: BOARD_OUTPUTS },
    drive: (line, active) => board.set(line, active),
    isActive: (line) => board.outputs[line],
    unplug: () => board.close(),
    plug: async () => {
      const { lines } = board
      board = new VirtualBoard(path)
      for (const line of BOARD_INPUTS) board.set(line, lines[line])
      await board.ready
    },
    close: () => board.close(),
  }
})

const NONSENSE = {
  'no JSON': 'hello\n',
  'an unknown line': '{"is":"line","line":"moon","active":true}\n',
  'a level that is none': '{"is":"lines","lines":{"mains-good":"yes"}}\n',
  'a line without an end': 'x'.repeat(20_000),
  nothing: '',
}

for (const [what, words] of Object.entries(NONSENSE))
  test(`a board that says ${what} is lost, told once, and tried again`, async () => {
    const runtimeDir = newDir()
    let visits = 0
    const server = createServer((visitor) => {
      visits++
      visitor.on('error', () => {})
      visitor.end(words)
    })
    await new Promise<void>((resolve) => server.listen(join(runtimeDir, socket), resolve))
    const heard = new HeardBoard(PROFILE, { runtimeDir })
    await until('tried again', 20, () => visits >= 3)
    assert.equal(heard.told, ['lost BOARD_LOST'])
    heard.board.close()
    server.close()
  })

test('a change in the first breath of a board is not taken for a bounce', async () => {
  const runtimeDir = newDir()
  const board = new VirtualBoard(join(runtimeDir, socket))
  await board.ready
  const heard = new HeardBoard(PROFILE, { runtimeDir })
  await until('found', 20, () => heard.told.length > 0)
  board.set('mains-good', false)
  await until('the mains is gone', 20, () => heard.line('mains-good') === 'off')
  heard.board.close()
  await board.close()
})

test.run()
