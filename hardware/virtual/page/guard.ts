/** Who may look and who may switch: only a browser, or a program, that asked this very address on this very machine. */
import type { IncomingHttpHeaders } from 'node:http'
import { PageError } from './page-error.ts'

/**
 * Sent with every answer. Nothing from elsewhere is loaded, nothing inline runs, and nobody may frame the page to have a
 * button pressed unseen.
 */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/**
 * A name of somebody else's that leads to 127.0.0.1 (DNS rebinding) shows in Host, and a page of another origin in Origin.
 * Throws HOST_FOREIGN, ORIGIN_FOREIGN, TYPE_WRONG.
 */
export const guard = (method: string, headers: IncomingHttpHeaders, port: number): void => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host = '', origin = '' } = headers
  if (!hosts.includes(host)) throw new PageError('HOST_FOREIGN')
  if (method !== 'POST') return
  if (origin !== `http://${host}`) throw new PageError('ORIGIN_FOREIGN')
  if (!/^application\/json *(;|$)/.test(headers['content-type'] ?? '')) throw new PageError('TYPE_WRONG')
}
