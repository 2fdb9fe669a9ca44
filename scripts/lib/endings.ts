/** What has to be ended once a bench or a drill is over, however it was: processes, loop devices, mounts. */
import { messageOf } from '../../controller/base/error.ts'

export type Ending = () => Promise<void> | void

export class Endings {
  readonly #tasks: Ending[] = []

  /** @param say told of each task that fails; the others are done all the same */
  constructor(private readonly say: (line: string) => void) {}

  readonly add = (task: Ending): void => {
    this.#tasks.push(task)
  }

  /** The last one first. Never rejects. */
  readonly tidy = async (): Promise<void> => {
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop())
      try {
        await task()
      } catch (thrown) {
        this.say(`while tidying up: ${messageOf(thrown)}`)
      }
  }
}
