/** The console's page in headless Chromium, watched: what it complains of, and what it loads from elsewhere. */
import { type Browser, chromium as engine, type Page } from 'playwright-core'
import { chromium } from './chromium.ts'

const SEEN_WITHIN_MS = 60_000
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

export interface Watched {
  page: Page
  /** Empty when all is well. */
  complaints: string[]
}

export const openBrowser = (): Promise<Browser> => engine.launch({ executablePath: chromium!, args: FLAGS })

/**
 * @param url of the console; whatever is loaded from elsewhere is a complaint
 * @param isExpected what the browser itself says when the hub refuses, or is not there
 */
export const openConsole = async (browser: Browser, url: () => string, isExpected: RegExp): Promise<Watched> => {
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 720 } })
  page.setDefaultTimeout(SEEN_WITHIN_MS)
  const complaints: string[] = []
  page.on('console', (line) => {
    if (line.type() === 'error' && !isExpected.test(line.text())) complaints.push(line.text())
  })
  page.on('pageerror', (fault) => complaints.push(fault.message))
  page.on('request', (request) => request.url().startsWith(url()) || complaints.push(request.url()))
  return { page, complaints }
}

export const sees = (page: Page, selector: string): Promise<void> =>
  page.locator(selector).first().waitFor({ state: 'visible', timeout: SEEN_WITHIN_MS })

export const logInAt = async (page: Page, url: string, name: string, password: string): Promise<void> => {
  if (!page.url().startsWith(url)) await page.goto(url)
  await page.fill('[name=name]', name)
  await page.fill('[name=password]', password)
  await page.keyboard.press('Enter')
}
