/**
 * A UPS, asked once a second through the server of Network UPS Tools (upsd). The server may be gone, hang with its
 * connection open, know no such UPS or talk nonsense: each is told once, and it is tried again for as long as it takes.
 */
import { createConnection, type Socket } from 'node:net'
import { BackOff } from '../../base/back-off.ts'
import { codeOf, messageOf, VerbatimError } from '../../base/error.ts'
import { LineSplitter } from '../../base/lines.ts'
import { type Reason, reason } from '../../base/reason.ts'
import type { UpsReading } from '../../core/event.ts'
import { ANSWERS, questions, readingIn } from './nut-words.ts'

export interface UpsOptions {
  host: string
  port: number
  /** Its name at the server. */
  name: string
  /** After every question. */
  onReading: (reading: UpsReading) => void
  /** Once for each reason, until it is heard again. */
  onLost: (code: string, why: Reason) => void
  times?: Partial<UpsTimes>
}

export interface UpsTimes {
  everyMs: number
  /** A server that does not answer by then hangs, or the cable to it is cut. */
  answerMs: number
  longestMs: number
}

const TIMES: UpsTimes = { everyMs: 1_000, answerMs: 3_000, longestMs: 5_000 }
const FIRST_MS = 250
const MAX_LINE_BYTES = 4_096

const AWAY = 'The UPS does not answer: its battery is not watched'

export class Ups {
  readonly #times: UpsTimes
  readonly #backOff: BackOff
  #socket: Socket | null = null
  #answers: string[] = []
  #isAsking = false
  /** The next question, or the limit of the present one, or the next attempt. There is only one at a time. */
  #timer: NodeJS.Timeout | null = null
  #isClosed = false
  #said: string | null = null

  constructor(private readonly options: UpsOptions) {
    this.#times = { ...TIMES, ...options.times }
    this.#backOff = new BackOff({ firstMs: FIRST_MS, longestMs: this.#times.longestMs })
    this.#connect()
  }

  close(): void {
    this.#isClosed = true
    this.#drop()
  }

  #connect(): void {
    const { host, port } = this.options
    const socket = createConnection({ host, port })
    const splitter = new LineSplitter(MAX_LINE_BYTES)
    this.#socket = socket
    const fail = (fault: unknown): void => {
      if (this.#socket === socket) this.#fail(fault)
    }
    const where = `upsd at ${host} port ${port}`
    const gone = (why: string) => fail(new VerbatimError('NO_ANSWER', `${where}: ${why}`))
    this.#after(this.#times.answerMs, () => gone('no connection in time'))
    socket.on('connect', () => {
      if (this.#socket === socket) this.#ask()
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const line of splitter.push(bytes)) if (this.#socket === socket) this.#hear(line.toString('utf8'))
      } catch (fault) {
        fail(fault instanceof RangeError ? new VerbatimError('ANSWER_INVALID', `${where}: ${fault.message}`) : fault)
      }
    })
    // Its listener stays for good: a socket may complain after it has been let go.
    socket.on('error', (fault) => gone(messageOf(fault)))
    socket.on('close', () => gone('the connection ended'))
  }

  #ask(): void {
    const { name, host, port } = this.options
    this.#answers = []
    this.#isAsking = true
    const { answerMs } = this.#times
    const late = () =>
      this.#fail(new VerbatimError('NO_ANSWER', `upsd at ${host} port ${port}: no answer within ${answerMs} ms`))
    this.#after(answerMs, late)
    this.#socket?.write(questions(name))
  }

  #hear(line: string): void {
    if (!this.#isAsking) throw new VerbatimError('ANSWER_INVALID', 'upsd answers what nobody asked')
    this.#answers.push(line.replace(/\r$/, ''))
    if (this.#answers.length < ANSWERS) return
    this.#isAsking = false
    this.#after(this.#times.everyMs, () => this.#ask())
    try {
      const reading = readingIn(this.#answers, this.options.name)
      this.#backOff.succeeded()
      this.#said = null
      this.options.onReading(reading)
    } catch (fault) {
      // The server is well and the UPS is not: asking goes on where it is.
      if (codeOf(fault) !== 'UPS_REFUSED') throw fault
      this.#tell(fault)
    }
  }

  #fail(fault: unknown): void {
    this.#drop()
    if (this.#isClosed) return
    this.#backOff.failed()
    this.#after(this.#backOff.leftMs, () => this.#connect())
    this.#tell(fault)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#isAsking = false
    if (this.#timer) clearTimeout(this.#timer)
    socket?.destroy()
  }

  #after(ms: number, act: () => void): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(act, ms)
  }

  #tell(fault: unknown): void {
    const said = `${codeOf(fault)}: ${messageOf(fault)}`
    if (said === this.#said) return
    this.#said = said
    this.options.onLost(codeOf(fault), reason(AWAY, said))
  }
}
