/** A page in headless Chromium that is asked one question. It talks to a server on this machine and to nobody else. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser']
const PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'
const DEADLINE_MS = 90_000

export const chromium = PLACES.find((path) => existsSync(path)) ?? null

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** Serves the page and its question; `answered` hears what it sends back. */
const serve = (script: string, question: string, answered: (text: string) => void): Promise<Server> => {
  const files: Record<string, [string, string]> = {
    '/': ['text/html', PAGE],
    '/page.js': ['text/javascript', script],
    '/question': ['application/json', question],
  }
  const server = createServer(async (request, response) => {
    const [type, text] = files[request.url ?? ''] ?? ['text/plain', '']
    if (request.method === 'POST') answered(await bodyOf(request))
    response.writeHead(200, { 'content-type': type }).end(text)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const start = (program: string, url: string, profile: string): ChildProcess => {
  // Without a sandbox, for as root in a container it would not start; the page is ours.
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run']
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  return spawn(program, [...flags, ...quiet, `--user-data-dir=${profile}`, url], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

const endOf = (browser: ChildProcess): Promise<void> => new Promise((done) => browser.once('close', () => done()))

/** Resolves never; rejects when the browser ends, or the time is over. */
const failureOf = (browser: ChildProcess): Promise<never> =>
  new Promise((_, reject) => {
    let said = ''
    browser.stderr!.on('data', (bytes: Buffer) => {
      said = (said + bytes).slice(-4_000)
    })
    const fail = (why: string) => reject(new Error(`${why}; it said: ${said}`))
    browser.once('error', (fault) => fail(String(fault)))
    browser.once('exit', (code) => fail(`the browser ended with ${code}`))
    setTimeout(() => fail('the page did not answer'), DEADLINE_MS).unref()
  })

/** What the page answers. Rejects when the browser ends before, or says nothing in time. */
export const askPage = async (program: string, script: string, question: string): Promise<string> => {
  const profile = mkdtempSync(join(tmpdir(), 'verbatim-chromium-'))
  let answered: (text: string) => void = () => {}
  const answer = new Promise<string>((resolve) => {
    answered = resolve
  })
  const server = await serve(script, question, answered)
  const browser = start(program, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, profile)
  const ended = endOf(browser)
  try {
    return await Promise.race([answer, failureOf(browser)])
  } finally {
    if (browser.pid && browser.exitCode === null) process.kill(-browser.pid, 'SIGKILL')
    server.closeAllConnections()
    server.close()
    await ended
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
