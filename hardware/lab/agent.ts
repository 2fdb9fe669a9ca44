/** The agent inside the machine: runs programs there. It is Debian's qemu-guest-agent, on a line of its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import { JsonLink } from './json-link.ts'

export interface Said {
  code: number
  out: string
  err: string
}

const SYNC_WITHIN_MS = 15_000
const ANSWER_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 300

interface ExecStatus {
  exited: boolean
  exitcode?: number
  signal?: number
  'out-data'?: string
  'err-data'?: string
}

const textOf = (base64 = ''): string => Buffer.from(base64, 'base64').toString()

export class Agent {
  #link: JsonLink | null = null
  /** The line takes one caller at a time, so all who ask meanwhile wait for the same link. */
  #opening: Promise<JsonLink> | null = null

  constructor(private readonly path: string) {}

  /** Runs a shell command in the machine to its end. Throws when the machine does not answer; not when the command fails. */
  async run(command: string, { withinS = 900, input = '' } = {}): Promise<Said> {
    const endMs = performance.now() + withinS * 1_000
    const { pid } = (await this.#ask('guest-exec', {
      path: '/bin/sh',
      arg: ['-c', command],
      'capture-output': true,
      'input-data': Buffer.from(input).toString('base64'),
    })) as { pid: number }
    for (;;) {
      const status = (await this.#ask('guest-exec-status', { pid })) as ExecStatus
      if (status.exited)
        return {
          code: status.exitcode ?? 128 + (status.signal ?? 0),
          out: textOf(status['out-data']),
          err: textOf(status['err-data']),
        }
      if (performance.now() > endMs) throw new Error(`"${command.slice(0, 80)}" took longer than ${withinS} s`)
      await sleep(LOOK_EVERY_MS)
    }
  }

  /** The machine's wall clock, in ms since 1970. */
  async utcMs(): Promise<number> {
    return Number(await this.#ask('guest-get-time')) / 1e6
  }

  /** Waits until the agent answers. */
  async awaken(withinS: number): Promise<void> {
    const endMs = performance.now() + withinS * 1_000
    for (;;)
      try {
        await this.#open()
        return
      } catch (cause) {
        if (performance.now() > endMs) throw new Error(`the machine does not answer within ${withinS} s`, { cause })
        await sleep(LOOK_EVERY_MS)
      }
  }

  close(): void {
    this.#link?.close()
    this.#link = null
  }

  async #ask(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    try {
      return await (await this.#open()).ask(command, args, { withinMs: ANSWER_WITHIN_MS })
    } catch (fault) {
      this.close()
      throw fault
    }
  }

  async #open(): Promise<JsonLink> {
    if (this.#link) return this.#link
    this.#opening ??= this.#handshake().finally(() => {
      this.#opening = null
    })
    this.#link = await this.#opening
    return this.#link
  }

  /** The agent may have half a question from before: a byte that is no text lets it begin anew. */
  async #handshake(): Promise<JsonLink> {
    const link = await JsonLink.open(this.path)
    try {
      const id = Math.floor(Math.random() * 2 ** 31)
      const isOurs = (value: unknown) => value === id
      await link.ask('guest-sync-delimited', { id }, { withinMs: SYNC_WITHIN_MS, mark: '\xff', isOurs })
    } catch (fault) {
      link.close()
      throw fault
    }
    return link
  }
}
