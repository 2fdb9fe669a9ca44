/** Lines that a program speaks for, on a Unix socket: the board of a courtroom without one. */
import { createConnection } from 'node:net'
import { resolve as resolvePath } from 'node:path'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { LineSplitter } from '../../base/lines.ts'
import { BOARD_INPUTS, FromBoard, type ToBoard } from '../../wire/board.ts'
import type { VirtualProfile } from '../../wire/board-profile.ts'
import type { OpenLines } from './board-lines.ts'

const MAX_LINE_BYTES = 4_096
/** The board speaks first. */
const FIRST_WORD_MS = 5_000

export const virtualLines =
  ({ name, socket: path }: VirtualProfile, runtimeDir: string): OpenLines =>
  ({ onLevel, onLost }) =>
    new Promise((resolve, reject) => {
      const at = resolvePath(runtimeDir, path)
      const socket = createConnection(at)
      const splitter = new LineSplitter(MAX_LINE_BYTES)
      let state: 'opening' | 'open' | 'closed' = 'opening'
      const silent = setTimeout(() => lose(`no word within ${FIRST_WORD_MS} ms`), FIRST_WORD_MS)

      const close = (): void => {
        state = 'closed'
        clearTimeout(silent)
        socket.destroy()
      }
      const lose = (what: unknown): void => {
        if (state === 'closed') return
        const fault = new VerbatimError('BOARD_LOST', `${name} at ${at}: ${messageOf(what)}`)
        const wasOpen = state === 'open'
        close()
        if (wasOpen) onLost(fault)
        else reject(fault)
      }
      const hear = (message: FromBoard): void => {
        if (message.is === 'line') return onLevel(message.line, message.active)
        for (const line of BOARD_INPUTS) {
          const active = message.lines[line]
          if (active !== undefined) onLevel(line, active)
        }
        if (state !== 'opening') return
        state = 'open'
        clearTimeout(silent)
        const say = (order: ToBoard): void => void socket.write(`${JSON.stringify(order)}\n`)
        resolve({ set: (line, active) => state === 'open' && say({ do: 'set', line, active }), close })
      }

      socket.on('data', (bytes: Buffer) => {
        try {
          for (const line of splitter.push(bytes)) {
            if (state === 'closed') return
            hear(FromBoard.parse(JSON.parse(line.toString('utf8'))))
          }
        } catch (fault) {
          lose(`it says what no board says: ${messageOf(fault).slice(0, 300)}`)
        }
      })
      socket.on('error', lose)
      socket.on('close', () => lose('the connection ended'))
    })
