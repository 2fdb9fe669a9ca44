/** Somebody at the console, as a program: logs in, asks, orders, watches. */
import { type IncomingMessage, request as overHttp, type RequestOptions } from 'node:http'
import { request as overTls } from 'node:https'
import { PAGE_HEADER } from '../ports/console/door.ts'
import { API, type Live } from '../wire/console.ts'

type Name = keyof typeof API
type Params = Readonly<Record<string, string>>

export interface Answer {
  status: number
  text: string
  cookie: string
}

const pathOf = (name: Name, params: Params): string =>
  API[name].path.replaceAll(/:(\w+)/g, (_, word: string) => encodeURIComponent(params[word] ?? ''))

export class ConsoleClient {
  readonly #url: URL
  #cookie = ''

  /** @param url of the hub, http or https; its certificate is not looked at unless `tls` says so: this is the same machine */
  constructor(
    url: string,
    private readonly tls: { rejectUnauthorized: boolean; ca?: string } = { rejectUnauthorized: false },
  ) {
    this.#url = new URL(url)
  }

  async login(name: string, password: string): Promise<void> {
    const { cookie } = await this.#ask('login', {}, { name, password })
    this.#cookie = cookie
  }

  /** Throws an Error with what the hub said when it refuses. */
  async ask<Result = unknown>(name: Name, params: Params = {}, body?: unknown): Promise<Result> {
    const { text } = await this.#ask(name, params, body)
    return (text ? JSON.parse(text) : null) as Result
  }

  /** Tells of everything that changes until it is ended; `ended` also when the hub ends it. */
  watch(listener: (live: Live) => void, ended: (why: Error | null) => void = () => {}): () => void {
    const asked = this.#request('GET', '/api/live', {}, (response) => {
      let rest = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const parts = (rest + text).split('\n\n')
        rest = parts.pop() ?? ''
        for (const part of parts) {
          const data = part
            .split('\n')
            .filter((line) => line.startsWith('data:'))
            .map((line) => line.slice(5).trim())
            .join('\n')
          if (data) listener(JSON.parse(data) as Live)
        }
      })
      response.on('close', () => ended(null))
    })
    asked.on('error', ended)
    asked.end()
    return () => asked.destroy()
  }

  /** The answer to any address of the hub, whatever its status is. */
  async fetch(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const headers = text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}
      const asked = this.#request(method, path, headers, (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('error', reject)
        response.on('end', () => {
          const cookie = (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ')
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8'), cookie })
        })
      })
      asked.on('error', reject)
      asked.end(text || undefined)
    })
  }

  async #ask(name: Name, params: Params, body: unknown): Promise<Answer> {
    const { method } = API[name]
    const path = pathOf(name, params)
    const answer = await this.fetch(method, path, body)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 400)}`)
  }

  #request(
    method: string,
    path: string,
    headers: Record<string, string | number>,
    answered: (response: IncomingMessage) => void,
  ) {
    const options: RequestOptions & { rejectUnauthorized: boolean } = {
      ...{ method, path, hostname: this.#url.hostname, port: this.#url.port, agent: false, ...this.tls },
      headers: {
        origin: this.#url.origin,
        [PAGE_HEADER]: '1',
        ...(this.#cookie ? { cookie: this.#cookie } : {}),
        ...headers,
      },
    }
    return (this.#url.protocol === 'https:' ? overTls : overHttp)(options, answered)
  }
}
