/** Keeps the recipes recording on a disk of their own, and cuts them together with the recorder once they are old enough. */
import { join } from 'node:path'
import { LoopDisk } from './loop-disk.ts'
import type { Bench } from './part.ts'
import { playableSeconds, RECIPES, type RecipeName, type RecipeRun, runRecipe } from './recipes.ts'

/** The kernel writes back what is 30 s old: only then does the power cut find something on the disk. */
const OLD_ENOUGH_S = 30

export interface RecipeLoss {
  name: RecipeName
  recordedSeconds: number
  killed: number
  powerCut: number
}

export class LossRecipes {
  readonly losses: RecipeLoss[] = []
  #disk: LoopDisk
  #runs: RecipeRun[]

  constructor(
    private readonly bench: Bench,
    private readonly url: string,
  ) {
    this.#disk = LoopDisk.make(join(bench.home, 'recipes'))
    this.#runs = this.#start()
    bench.atEnd(() => this.end())
  }

  /** Returns the rest of the work, for when the recorder's own disks have been copied. */
  cut(): () => Promise<void> {
    const arrived = this.#runs.map((recipe) => recipe.arrivedSeconds())
    if (Math.min(...arrived) < OLD_ENOUGH_S) return async () => {}
    for (const recipe of this.#runs) recipe.signal('SIGSTOP')
    const after = this.#disk.copy(join(this.bench.home, 'recipes-after'))
    for (const recipe of this.#runs) recipe.signal('SIGKILL')
    return async () => {
      after.mount()
      try {
        for (const [i, { name, folder }] of this.#runs.entries()) {
          const recordedSeconds = arrived[i]!
          const killed = recordedSeconds - (await playableSeconds(join(this.#disk.path, folder)))
          const powerCut = recordedSeconds - (await playableSeconds(join(after.path, folder)))
          this.losses.push({ name, recordedSeconds, killed, powerCut })
        }
      } finally {
        await after.remove()
      }
      await this.#disk.remove()
      this.#disk = LoopDisk.make(this.#disk.path)
      this.#runs = this.#start()
    }
  }

  async end(): Promise<void> {
    for (const recipe of this.#runs) recipe.signal('SIGKILL')
    this.#runs = []
    await this.#disk.remove()
  }

  #start(): RecipeRun[] {
    return (Object.keys(RECIPES) as RecipeName[]).map((name) => runRecipe(name, this.url, this.#disk.path))
  }
}
