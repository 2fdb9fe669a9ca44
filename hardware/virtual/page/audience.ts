/** The pages that look on, over server-sent events: each is told what is new, and at first everything. */
import type { ServerResponse } from 'node:http'
import { PageError } from './page-error.ts'
import type { PageEvents } from './view.ts'

const MOST_PAGES = 32
/** A page that has not taken so much is hung, and comes back by itself when it is not. */
const MOST_BEHIND_BYTES = 1 << 20

export class Audience {
  readonly #pages = new Set<ServerResponse>()
  readonly #last = new Map<keyof PageEvents, string>()

  get size(): number {
    return this.#pages.size
  }

  /** Throws TOO_MANY. */
  welcome(page: ServerResponse, headers: Readonly<Record<string, string>>): void {
    if (this.#pages.size >= MOST_PAGES) throw new PageError('TOO_MANY')
    page.writeHead(200, { ...headers, 'content-type': 'text/event-stream' })
    page.write('retry: 1000\n\n')
    for (const [name, text] of this.#last) page.write(frame(name, text))
    this.#pages.add(page)
    page.on('close', () => {
      this.#pages.delete(page)
      // Nobody asks the recorder while nobody looks on, and the next page shall not see how it was an hour ago.
      if (!this.#pages.size) this.#last.delete('recorder')
    })
  }

  /** What was said last is not said again. */
  tell<K extends keyof PageEvents>(name: K, view: PageEvents[K]): void {
    const text = JSON.stringify(view)
    if (this.#last.get(name) === text) return
    this.#last.set(name, text)
    for (const page of this.#pages) {
      if (page.writableLength > MOST_BEHIND_BYTES) page.destroy()
      else page.write(frame(name, text))
    }
  }

  dismiss(): void {
    for (const page of this.#pages) page.destroy()
  }
}

const frame = (name: string, text: string): string => `event: ${name}\ndata: ${text}\n\n`
