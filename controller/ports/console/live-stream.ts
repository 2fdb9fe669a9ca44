/** Server-sent events (HTML, 9.2) to one page: what changes, while it reads as fast as it comes. */
import type { ServerResponse } from 'node:http'
import type { Live } from '../../wire/console.ts'

/** A page that is so far behind loads everything anew instead. */
const MOST_WAITING_BYTES = 4 << 20
const HEARTBEAT_MS = 15_000

export const streamLive = (
  response: ServerResponse,
  subscribe: (tell: (live: Live) => void) => () => void,
  mayLookOn: () => boolean,
): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  response.write(': here\n\n')
  const send = (text: string): void => {
    if (response.writableLength > MOST_WAITING_BYTES || !mayLookOn()) response.destroy()
    else response.write(text)
  }
  const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS)
  const end = subscribe((live) => send(`data: ${JSON.stringify(live)}\n\n`))
  response.on('close', () => {
    clearInterval(heartbeat)
    end()
  })
}
