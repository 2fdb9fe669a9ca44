/** A disk bay without a disk: its store folder, moved away and put back. What is open in it stays open, as no disk's would. */
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'

export class VirtualBay {
  readonly #away: string

  /** @param path of the store; one that was left pulled is put back */
  private constructor(readonly path: string) {
    this.#away = `${path}.pulled`
  }

  /** Before anybody makes the folder anew: a room that was ended with its disk pulled begins with the disk in. */
  static async open(path: string): Promise<VirtualBay> {
    const bay = new VirtualBay(path)
    if (!bay.isIn && !existsSync(path)) await bay.pushIn()
    return bay
  }

  get isIn(): boolean {
    return !existsSync(this.#away)
  }

  async pull(): Promise<void> {
    if (this.isIn) await rename(this.path, this.#away)
  }

  /** Throws when somebody has put another folder into the bay meanwhile. */
  async pushIn(): Promise<void> {
    if (this.isIn) return
    if (existsSync(this.path)) throw new Error(`${this.path} is taken; the pulled disk is ${this.#away}`)
    await rename(this.#away, this.path)
  }
}
