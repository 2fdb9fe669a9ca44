/** Asks through the root program of firmware/image, where it is installed: the recorder's own account may open no disk. */
import { createConnection } from 'node:net'
import { codeOf } from '../../base/error.ts'
import { parseFrame } from '../../wire/capture.ts'
import { SmartAnswer } from '../../wire/smart.ts'

/** A disk with its logs full says less than a hundredth of it. */
const MAX_CHARS = 8 << 20

/** Null where nobody listens. Never rejects. */
export const askRoot = (socketPath: string, device: string, limitMs: number): Promise<SmartAnswer | null> =>
  new Promise((resolve) => {
    const socket = createConnection(socketPath)
    let text = ''
    const settle = (answer: SmartAnswer | null): void => {
      clearTimeout(patience)
      socket.destroy()
      resolve(answer)
    }
    const patience = setTimeout(() => settle({ is: 'silent' }), limitMs)
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${device}\n`))
    socket.on('data', (part: string) => {
      text += part
      if (text.length > MAX_CHARS) settle({ is: 'said', text: '' })
    })
    socket.on('end', () => settle(read(text)))
    socket.on('error', (fault) => settle(isAbsent(codeOf(fault)) ? null : { is: 'silent' }))
  })

const isAbsent = (code: string): boolean => code === 'ENOENT' || code === 'ECONNREFUSED'

/** What is no answer is called what smartctl's own rubbish is called. */
const read = (text: string): SmartAnswer => {
  try {
    return parseFrame(SmartAnswer, Buffer.from(text.trimEnd()))
  } catch {
    return text ? { is: 'said', text } : { is: 'silent' }
  }
}
