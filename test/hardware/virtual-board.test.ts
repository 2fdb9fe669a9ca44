import { mkdtempSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FromBoard } from '../../controller/wire/board.ts'
import { VirtualBoard } from '../../hardware/virtual/board/virtual-board.ts'
import { until } from '../stories/stage/until.ts'

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'verbatim-board-')), 'board.sock')

const listen = (path: string): { socket: Socket; heard: FromBoard[] } => {
  const heard: FromBoard[] = []
  let rest = ''
  const socket = createConnection(path)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString()).split('\n')
    rest = lines.pop()!
    heard.push(...lines.map((line) => FromBoard.parse(JSON.parse(line))))
  })
  return { socket, heard }
}

test('every line is told to whoever connects, then each change; outputs are kept', async () => {
  const board = new VirtualBoard(newPath())
  await board.ready
  board.set('case-open', true)
  const { socket, heard } = listen(board.socketPath)
  await until('the first word', 10, () => heard.length === 1)
  assert.equal(heard[0], { is: 'lines', lines: { ...board.lines } })
  assert.is(board.lines['mains-good'], true)
  assert.is(board.lines['case-open'], true)
  board.set('mains-good', false)
  await until('the change', 10, () => heard.length === 2)
  assert.equal(heard[1], { is: 'line', line: 'mains-good', active: false })

  const told: unknown[] = []
  board.onOutput = (...one) => told.push(one)
  socket.write('{"do":"set","line":"buzzer","active":true}\n{"do":"set","line":"buzzer","active":true}\n')
  await until('the output', 10, () => board.outputs.buzzer)
  assert.equal(told, [['buzzer', true]], 'a change is told once')
  socket.destroy()
  await until('nobody listens', 10, () => board.listeners === 0)
  assert.is(board.outputs.buzzer, true, 'outputs stay when the recorder is gone')
  await board.close()
})

test('a listener that talks nonsense is cut off; another may come', async () => {
  const board = new VirtualBoard(newPath())
  await board.ready
  for (const nonsense of ['hello\n', '{"do":"set","line":"moon","active":true}\n', 'x'.repeat(10_000)]) {
    const { socket } = listen(board.socketPath)
    let closed = false
    socket.on('close', () => {
      closed = true
    })
    socket.write(nonsense)
    await until('cut off', 10, () => closed)
  }
  const { socket, heard } = listen(board.socketPath)
  await until('the first word', 10, () => heard.length === 1)
  socket.destroy()
  await board.close()
})

test('a socket that a killed courtroom left does not stand in the way', async () => {
  const path = newPath()
  const left = new VirtualBoard(path)
  await left.ready
  const board = new VirtualBoard(path)
  await board.ready
  const { socket, heard } = listen(path)
  await until('the first word', 10, () => heard.length === 1)
  socket.destroy()
  await board.close()
  await left.close()
})

test.run()
