/** The only moving part: queue -> decide -> run commands -> repeat. */
import type { Command, CommandName } from './core/command.ts'
import { decide } from './core/decide.ts'
import type { Event } from './core/event.ts'
import type { State } from './core/state.ts'

/** One executor for every command: a command without one does not compile. */
export type Executors = { [Name in CommandName]: (command: Extract<Command, { do: Name }>) => void }

export class Loop {
  readonly #queue: Event[] = []
  #running = false

  constructor(
    private state: State,
    private readonly executors: Executors,
    /** Told of every command before it is carried out, for the log. */
    private readonly observe: (command: Command, event: Event) => void,
    /** Told of an executor that throws: that is a fault of the program, and takes nothing from the commands after it. */
    private readonly complain: (command: Command, fault: unknown) => void,
    /** Told when the hearing has changed: two presses may lie between two ticks. */
    private readonly turned: (state: State) => void = () => {},
  ) {}

  get current(): State {
    return this.state
  }

  /** Events are judged one after the other, also those that a command brings about at once. */
  push(event: Event): void {
    this.#queue.push(event)
    if (this.#running) return
    this.#running = true
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const { state, commands } = decide(this.state, next)
        const hasTurned = state.hearing.is !== this.state.hearing.is
        this.state = state
        for (const command of commands) {
          this.observe(command, next)
          this.#execute(command)
        }
        if (hasTurned) this.turned(state)
      }
    } finally {
      this.#running = false
    }
  }

  #execute<Name extends CommandName>(command: Extract<Command, { do: Name }>): void {
    const executor = this.executors[command.do as Name] as (command: Extract<Command, { do: Name }>) => void
    try {
      executor(command)
    } catch (fault) {
      this.complain(command, fault)
    }
  }
}
