/** Questions and answers as lines of JSON on a Unix socket: QEMU's monitor (QMP) and the guest agent (QGA) both speak so. */
import { createConnection, type Socket } from 'node:net'

export type Answer = { return: unknown } | { error: { class: string; desc: string } } | { event: string }

/** Takes bytes, gives whole messages; the agent marks the begin of one with a byte that is no text. */
export class JsonLines {
  #rest = ''

  push(bytes: Buffer): Answer[] {
    const lines = (this.#rest + bytes.toString('latin1')).split('\n')
    this.#rest = lines.pop()!
    return lines.flatMap((line) => {
      const text = Buffer.from(line.slice(line.lastIndexOf('\xff') + 1), 'latin1').toString()
      try {
        return [JSON.parse(text) as Answer]
      } catch {
        // The end of an answer whose begin nobody heard.
        return []
      }
    })
  }
}

export interface AskOptions {
  withinMs: number
  /** Sent before the question. */
  mark?: string
  /** Says which answer is meant: all others, complaints too, are to what somebody said earlier and did not wait for. */
  isOurs?: (value: unknown) => boolean
}

interface Waiting {
  isOurs: ((value: unknown) => boolean) | undefined
  resolve: (value: unknown) => void
  reject: (fault: Error) => void
}

export class JsonLink {
  readonly #lines = new JsonLines()
  #waiting: Waiting[] = []

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => {
      for (const answer of this.#lines.push(bytes)) this.#take(answer)
    })
    const lost = (): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the link is lost'))
    }
    socket.on('error', lost).on('close', lost)
  }

  /** Throws when nobody listens there. */
  static open(path: string): Promise<JsonLink> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(path)
      socket.once('error', reject)
      socket.once('connect', () => resolve(new JsonLink(socket)))
    })
  }

  /** Throws what the other side complains of, and when it does not answer in time. */
  ask(command: string, args: Record<string, unknown> = {}, options: AskOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        // Whatever comes now would be taken for the answer to another question.
        this.close()
        reject(new Error(`${command}: no answer within ${options.withinMs} ms`))
      }, options.withinMs)
      this.#waiting.push({
        isOurs: options.isOurs,
        resolve: (value) => {
          clearTimeout(late)
          resolve(value)
        },
        reject: (fault) => {
          clearTimeout(late)
          reject(new Error(`${command}: ${fault.message}`, { cause: fault }))
        },
      })
      const mark = Buffer.from(options.mark ?? '', 'latin1')
      this.socket.write(
        Buffer.concat([mark, Buffer.from(`${JSON.stringify({ execute: command, arguments: args })}\n`)]),
      )
    })
  }

  close(): void {
    this.socket.destroy()
  }

  #take(answer: Answer): void {
    const first = this.#waiting[0]
    if (!first) return
    if ('return' in answer && (first.isOurs?.(answer.return) ?? true)) this.#waiting.shift()!.resolve(answer.return)
    if ('error' in answer && !first.isOurs) this.#waiting.shift()!.reject(new Error(answer.error.desc))
  }
}
