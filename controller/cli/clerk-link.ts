/** Asks the recorder on its control socket: one line there, one line back. */
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { z } from 'zod'
import { codeOf, messageOf, VerbatimError } from '../base/error.ts'
import { LineSplitter } from '../base/lines.ts'
import { FromRecorder, type ToRecorder } from '../wire/clerk.ts'

const ANSWER_WITHIN_MS = 10_000
/** A seal on a closed hearing of a day reads its journal first. */
const SEALED_WITHIN_MS = 30_000
/** The register of twenty years of hearings in one room. */
const MAX_ANSWER_BYTES = 16 << 20

/** The control socket of the recorder with this runtime directory. */
export const recorderSocket = (runtimeDir: string): string => join(runtimeDir, 'recorder.sock')

const unreachable = (text: string, cause?: unknown) => new VerbatimError('RECORDER_UNREACHABLE', text, { cause })

const explain = (path: string, fault: unknown): VerbatimError => {
  const code = codeOf(fault)
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return unreachable(`No recorder runs here: nobody listens on ${path}.`, fault)
  if (code === 'EACCES' || code === 'EPERM')
    return unreachable(`You may not speak to the recorder on ${path}: use the account it runs under, or sudo.`, fault)
  return unreachable(`The recorder cannot be reached on ${path}: ${messageOf(fault)}.`, fault)
}

const parseAnswer = (line: string): FromRecorder => {
  try {
    return FromRecorder.parse(JSON.parse(line))
  } catch (cause) {
    throw new VerbatimError('FRAME_INVALID', `What answers is no recorder of this version: "${line.slice(0, 60)}".`, {
      cause,
    })
  }
}

const exchange = (path: string, line: string, withinMs: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(path)
    const lines = new LineSplitter(MAX_ANSWER_BYTES)
    const end = (settle: () => void) => {
      clearTimeout(patience)
      socket.destroy()
      settle()
    }
    const tooLate = () => unreachable(`The recorder on ${path} has not answered for ${withinMs / 1_000} seconds.`)
    const patience = setTimeout(() => end(() => reject(tooLate())), withinMs)
    socket.on('connect', () => socket.write(`${line}\n`))
    socket.on('data', (bytes: Buffer) => {
      try {
        const [answer] = lines.push(bytes)
        if (answer) end(() => resolve(answer.toString('utf8')))
      } catch (cause) {
        end(() => reject(new VerbatimError('FRAME_INVALID', 'The answer has no end.', { cause })))
      }
    })
    socket.on('error', (fault) => end(() => reject(explain(path, fault))))
    socket.on('close', () => end(() => reject(unreachable(`The recorder on ${path} hung up without an answer.`))))
  })

/** Throws RECORDER_UNREACHABLE, and FRAME_INVALID when what answers is no recorder. */
export const ask = async (runtimeDir: string, message: z.input<typeof ToRecorder>): Promise<FromRecorder> =>
  parseAnswer(
    await exchange(
      recorderSocket(runtimeDir),
      JSON.stringify(message),
      message.do === 'seal' ? SEALED_WITHIN_MS : ANSWER_WITHIN_MS,
    ),
  )

/** Asks, and insists on an answer of the kind that belongs to the question; throws REFUSED with the recorder's words. */
export const askFor = async <K extends FromRecorder['is']>(
  kind: K,
  runtimeDir: string,
  message: z.input<typeof ToRecorder>,
): Promise<Extract<FromRecorder, { is: K }>> => {
  const answer = await ask(runtimeDir, message)
  if (answer.is === kind) return answer as Extract<FromRecorder, { is: K }>
  if (answer.is === 'refused') throw new VerbatimError('REFUSED', `Refused: ${answer.text} [${answer.code}]`)
  throw new VerbatimError('FRAME_INVALID', `The recorder answered with "${answer.is}" where "${kind}" belongs.`)
}
