/** Makes controller/pages/fleet/fleet.png anew: the console's real page in headless Chromium, over a fake hub. */
import { chromium as engine } from 'playwright-core'
import type { RoomRow } from '../controller/wire/console.ts'
import { chromium } from '../test/browser/chromium.ts'
import { FakeBackend } from '../test/builders/fake-backend.ts'
import { PASSWORD, startFleetConsole } from '../test/builders/fleet-console.ts'

const PICTURE = 'controller/pages/fleet/fleet.png'
const ROOMS = 10_000

const COURTS = ['Almaly District Court', 'Auezov District Court', 'Bostandyk District Court', 'Medeu District Court']

/** What one morning may look like, the neediest first; all other rooms are well. */
const NEEDY: readonly Partial<RoomRow>[] = [
  { need: 98, presence: 'lost', verdict: 'unknown', worst: 'DEVICE_LOST', alarms: 1, scheduled: true },
  { need: 95, verdict: 'failed', hearing: 'idle', lamp: 'dark', worst: 'NOT_RECORDING', alarms: 2, scheduled: true },
  { need: 74, verdict: 'degraded', hearing: 'recording', lamp: 'blinking', worst: 'DISK_FAILED', alarms: 1 },
  { need: 66, verdict: 'degraded', hearing: 'recording', lamp: 'steady', worst: 'ROOM_SILENT', alarms: 1 },
  { need: 31, verdict: 'watch', hearing: 'recording', lamp: 'steady', worst: 'DISK_FULL_SOON', alarms: 1 },
  { need: 22, verdict: 'watch', hearing: 'idle', lamp: 'dark', worst: 'CLOCK_OFF', alarms: 1 },
  { need: 12, verdict: 'watch', hearing: 'idle', lamp: 'dark', worst: 'CERTIFICATE_EXPIRES', alarms: 1 },
]

const roomOf = (i: number): string => `Courtroom ${1 + ((i * 5 + Math.floor(i / 320)) % 31)}`

const backend = new FakeBackend(ROOMS)
const seenAt = new Date().toISOString()
backend.rooms.forEach((room, i) => {
  const needy = NEEDY[i]
  const well = { need: 0, presence: 'online', verdict: 'good', worst: '', alarms: 0, unacknowledged: 0 } as const
  Object.assign(room, { ...well, seenAt, hoursLeft: 40 + ((i * 37) % 400), room: roomOf(i) }, needy)
  if (needy?.presence === 'lost') room.seenAt = new Date(Date.now() - 240_000).toISOString()
})
const overview = backend.overview
backend.overview = () => {
  const all = overview()
  return { ...all, courts: all.courts.map((court, i) => ({ ...court, name: COURTS[i] ?? `District Court ${i + 1}` })) }
}

const main = async (): Promise<void> => {
  if (!chromium) throw new Error('there is no chromium here')
  const hub = await startFleetConsole(backend)
  const browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage({
      ...{ locale: 'en-GB', viewport: { width: 1280, height: 720 }, colorScheme: 'light' },
    })
    await page.goto(hub.url)
    await page.fill('[name=name]', 'operator')
    await page.fill('[name=password]', PASSWORD)
    const fromMs = performance.now()
    await page.keyboard.press('Enter')
    await page.locator('.long-list .row').first().waitFor()
    console.log(`the list of ${ROOMS} rooms was there ${Math.round(performance.now() - fromMs)} ms after logging in`)
    await page.locator('.live.good-text').waitFor()
    await page.locator('.long-list').focus()
    await page.screenshot({ path: PICTURE })
  } finally {
    await browser.close()
    await hub.stop()
  }
}

await main()
