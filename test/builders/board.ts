/** Boards to test with: profiles in a folder of their own, and a board port whose events are kept. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Board, type BoardOptions } from '../../controller/ports/gpio/board.ts'

export const newDir = (): string => mkdtempSync(join(tmpdir(), 'verbatim-board-'))

export const writeProfile = (dir: string, profile: unknown): string => {
  const path = join(dir, 'board.json')
  writeFileSync(path, typeof profile === 'string' ? profile : JSON.stringify(profile))
  return path
}

/** A board port that writes down what it tells: `found NAME`, `lost CODE`, `LINE on`, `LINE off`. */
export class HeardBoard {
  readonly told: string[] = []
  /** What an engineer reads of each loss. */
  readonly losses: string[] = []
  readonly board: Board

  constructor(profile: string, options: Partial<BoardOptions> = {}) {
    this.board = new Board({
      profile,
      runtimeDir: '/nowhere',
      longestMs: 300,
      onFound: (name) => this.told.push(`found ${name}`),
      onLost: (code, why) => {
        this.told.push(`lost ${code}`)
        this.losses.push(why.engineer)
      },
      onLine: (line, active) => this.told.push(`${line} ${active ? 'on' : 'off'}`),
      ...options,
    })
  }

  /** The last word about a line. */
  line(name: string): string | undefined {
    return this.told.findLast((one) => one.startsWith(`${name} `))?.slice(name.length + 1)
  }

  count(word: string): number {
    return this.told.filter((one) => one.startsWith(word)).length
  }
}
