// deadline: 180 s
/** The console's page in a real browser, over ten thousand rooms: seen, walked by keyboard, and used as each role may. */
import type { Browser, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HUB_FAULTS, type HubFault, type Role } from '../../../controller/wire/console.ts'
import { chromium } from '../../browser/chromium.ts'
import { logInAt, openBrowser, openConsole, sees, type Watched } from '../../browser/console-page.ts'
import { courtOf, deviceOf, FakeBackend } from '../../builders/fake-backend.ts'
import { type FleetConsole, PASSWORD, startFleetConsole } from '../../builders/fleet-console.ts'

const ROOMS = 10_000
/** What the browser itself says when nobody is logged in yet, or when too many pages are live. */
const REFUSED = /status of (401|429)/

const parts = {} as { backend: FakeBackend; hub: FleetConsole; browser: Browser }
const test = suite<Watched>('fleet page')

const logIn = async (page: Page, role: Role): Promise<void> => {
  await logInAt(page, parts.hub.url, role, PASSWORD)
  await sees(page, '.long-list .row')
}

/** Until the hub was asked for it. */
const asked = async (what: string): Promise<unknown[]> => {
  for (;;) {
    const found = parts.backend.asked.find(([name]) => name === what)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test.before(async () => {
  parts.backend = new FakeBackend(ROOMS)
  parts.hub = await startFleetConsole(parts.backend)
  parts.browser = await openBrowser()
})
test.after(async () => {
  await parts.browser?.close()
  await parts.hub?.stop()
})
test.before.each(async (context) => {
  parts.backend.asked.length = 0
  Object.assign(context, await openConsole(parts.browser, () => parts.hub.url, REFUSED))
})
test.after.each(async ({ page, complaints }) => {
  await page.close()
  assert.equal(complaints, [], 'nothing is loaded from elsewhere, nothing breaks its policy')
})

test('of ten thousand rooms a screenful is in the page, the neediest first, and a change arrives by itself', async ({
  page,
}) => {
  await logIn(page, 'viewer')
  const rows = page.locator('.long-list .row')
  assert.ok((await rows.count()) < 40, `${await rows.count()} rows`)
  assert.is(await page.locator('.filters [aria-pressed=true] b').innerText(), '10,000')
  assert.match(await rows.first().innerText(), 'Courtroom 0')

  const late = parts.backend.rooms[7_000]!
  parts.backend.tell({ is: 'rooms', rooms: [{ ...late, need: 99, presence: 'lost' }] })
  await sees(page, `#row-${late.device}`)
  assert.match(await rows.first().innerText(), 'Courtroom 7000')

  await page.locator('#search').fill('courtroom 9999')
  await sees(page, `#row-${deviceOf(9_999)}`)
  assert.is(await rows.count(), 1)
})

test('by keyboard alone: search, walk, open a room, and back; letters in a field are letters', async ({ page }) => {
  await logIn(page, 'operator')
  await page.keyboard.press('?')
  await sees(page, '[role=dialog]')
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await page.keyboard.type('Courtroom 1?')
  assert.is(await page.locator('#search').inputValue(), 'Courtroom 1?')
  await page.locator('#search').fill('')
  await page.locator('.long-list').focus()
  await page.keyboard.press('End')
  await sees(page, '[aria-selected=true][aria-posinset="10000"]')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await sees(page, 'article.room h2:has-text("Courtroom 1")')
  assert.match(page.url(), `#/room/${courtOf(1)}/${deviceOf(1)}`)
  await page.keyboard.press('Escape')
  await sees(page, '.long-list .row')
})

test('a room that is silent is never shown as recording', async ({ page }) => {
  await logIn(page, 'viewer')
  await page.goto(`${parts.hub.url}#/room/${courtOf(0)}/${deviceOf(0)}`)
  await sees(page, '.big .badge.failed')
  assert.is(await page.locator('.big .recording').count(), 0)
  const now = await page.locator('.big').innerText()
  assert.match(now, /^✕ LOST last said/)
  assert.not.match(now, 'good')
})

test('an operator sees to an alarm, silences it, and sends orders; what is grave is asked twice', async ({ page }) => {
  await logIn(page, 'operator')
  await page.keyboard.press('2')
  const card = page.locator('[data-alarm]').first()
  await card.locator('input').first().fill('On my way')
  await card.locator('button.first').click()
  assert.equal((await asked('judgeAlarm')).slice(3), [{ do: 'acknowledge', note: 'On my way' }, 'operator'])
  const row = parts.backend.alarms()[0]!
  const at = '2026-11-28T09:05:00.000Z'
  parts.backend.tell({
    is: 'alarms',
    alarms: [{ ...row, acknowledged: { by: 'operator', at, note: 'On my way' } }],
  })
  await sees(page, '[data-alarm] .good-text:has-text("On my way")')
  parts.backend.tell({ is: 'cleared', alarms: [{ device: row.device, id: row.id }] })
  await page.locator('.good-text:has-text("On my way")').waitFor({ state: 'detached' })

  await page.goto(`${parts.hub.url}#/room/${courtOf(5)}/${deviceOf(5)}`)
  await page.getByRole('button', { name: 'Start the machine again' }).click()
  assert.is(parts.backend.asked.filter(([name]) => name === 'order').length, 0)
  await page.locator('.sure .grave').click()
  assert.equal(await asked('order'), ['order', { court: courtOf(5), device: deviceOf(5) }, 'reboot', 'operator'])
})

test('an administrator enrols by a code, and a shipment by a file', async ({ page }) => {
  await logIn(page, 'administrator')
  await page.keyboard.press('3')
  await page.fill('[name=code]', '7k2m-9qxt-4bvd')
  await page.fill('[name=court]', 'almaty-district')
  await page.fill('[name=courtName]', 'Almaty District Court')
  await page.keyboard.press('Enter')
  const enrolled = { code: '7K2M-9QXT-4BVD', court: 'almaty-district', courtName: 'Almaty District Court' }
  assert.equal(await asked('enrol'), ['enrol', enrolled, 'administrator'])

  const lines = Array.from({ length: 501 }, (_, i) => `7K2M-9QXT-${1_000 + i};almaty-district;Almaty District Court`)
  const buffer = Buffer.from(lines.join('\r\n'))
  await page.setInputFiles('input[type=file]', { name: 'rooms.csv', mimeType: 'text/csv', buffer })
  await sees(page, '[role=status]:has-text("501")')
  const batches = parts.backend.asked.filter(([name]) => name === 'enrolBatch')
  assert.equal(
    batches.map(([, batch]) => (batch as { rooms: unknown[] }).rooms.length),
    [500, 1],
  )
})

test('of hundreds of enrolled devices one is a stop of Tab, arrow keys walk to the others, and one is revoked by keyboard alone', async ({
  page,
}) => {
  await logIn(page, 'administrator')
  await page.keyboard.press('3')
  await sees(page, '[role=grid] [data-device]')
  const stops = page.locator('[role=grid] button:not([tabindex="-1"])')
  const focused = () =>
    page.evaluate<string>(
      'document.activeElement.closest("[data-device]")?.dataset.device ?? document.activeElement.id',
    )
  assert.is(await page.locator('[role=grid] button').count(), 100)
  assert.is(await stops.count(), 1)
  assert.match(await page.locator('[role=status]', { hasText: '250' }).innerText(), '100 of 250 are shown')
  await page.keyboard.press('/')
  assert.is(await focused(), 'search')
  await page.keyboard.press('Tab')
  assert.is(await focused(), deviceOf(0))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  assert.is(await focused(), deviceOf(2))
  await page.keyboard.press('Shift+Tab')
  assert.is(await focused(), 'search')
  await page.keyboard.press('Tab')
  assert.is(await focused(), deviceOf(2), 'where one was')
  await page.keyboard.press('End')
  assert.is(await focused(), deviceOf(99))
  await page.keyboard.press('ArrowDown')
  assert.is(await focused(), deviceOf(99))
  await page.keyboard.press('Home')
  assert.is(await focused(), deviceOf(0))
  assert.is(await stops.count(), 1)

  await page.keyboard.press('/')
  await page.keyboard.type('room 24')
  await page.locator('[role=grid] button').nth(11).waitFor({ state: 'detached' })
  assert.is(await page.locator('[role=grid] button').count(), 11, '24 and 240 to 249')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await sees(page, '[role=grid] .sure')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  // No, and nothing else has happened.
  await page.locator(`[data-device=${deviceOf(240)}] button[aria-label]:focus`).waitFor()
  assert.is(await page.locator('.sure').count(), 0)
  assert.match(page.url(), '#/enrolment')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  const revoked = ['revoke', { court: courtOf(240), device: deviceOf(240) }, 'administrator']
  assert.equal(await asked('revoke'), revoked)
  await sees(page, `[data-device=${deviceOf(240)}]:has-text("revoked")`)
  await page.locator(`[data-device=${deviceOf(241)}] button:focus`).waitFor()
  assert.is(await stops.count(), 1)
})

test('a page that may not be live says why, and shows everything all the same', async ({ page }) => {
  const body = JSON.stringify({ name: 'operator', password: PASSWORD })
  const headers = { 'content-type': 'application/json', 'verbatim-console': '1' }
  const login = await fetch(`${parts.hub.url}api/login`, { method: 'POST', headers, body })
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!
  const closed = new AbortController()
  const look = () => fetch(`${parts.hub.url}api/live`, { headers: { cookie }, signal: closed.signal })
  for (const { status } of await Promise.all(Array.from({ length: 20 }, look))) assert.is(status, 200)
  await logIn(page, 'operator')
  await sees(page, '.notice:has-text("live pages open")')
  await sees(page, '.live.bad-text')
  closed.abort()
})

test('trouble of the hub itself stands on every page in every language, comes and goes by itself, and is told to be over', async ({
  page,
}) => {
  const since = '2026-11-28T09:00:00.000Z'
  const faults = HUB_FAULTS.map((code): HubFault => ({ code, detail: `why-${code}`, since }))
  await logIn(page, 'administrator')
  assert.is(await page.locator('.hub-trouble, .hub-well').count(), 0)
  parts.backend.tell({ is: 'hub', faults })
  await sees(page, '.hub-trouble time[datetime="2026-11-28T09:00:00.000Z"]')
  const inEnglish = await page.locator('.hub-trouble').innerText()
  assert.match(inEnglish, 'What to do: Make room on the disk of the hub')
  for (const language of ['ru', 'kk', 'en']) {
    await page.locator('#language').selectOption(language)
    const said = await page.locator('.hub-trouble').innerText()
    assert.is(said === inEnglish, language === 'en')
  }
  for (const view of ['alarms', `room/${courtOf(5)}/${deviceOf(5)}`, 'enrolment', 'audit', 'users', 'me']) {
    await page.goto(`${parts.hub.url}#/${view}`)
    for (const code of HUB_FAULTS) await sees(page, `[data-hub-fault=${code}]`)
  }
  assert.match(await page.title(), /^⚠/)
  parts.backend.tell({ is: 'hub', faults: faults.slice(1, 2) })
  await page.locator('[data-hub-fault=EVENTS_UNKEPT]').waitFor({ state: 'detached' })
  parts.backend.tell({ is: 'hub', faults: [] })
  await sees(page, '.hub-well')
  assert.is(await page.locator('.hub-trouble').count(), 0)
  await page.locator('.hub-well button').click()
  await page.locator('.hub-well').waitFor({ state: 'detached' })
})

test('a page that is opened while the hub is in trouble shows it', async ({ page }) => {
  parts.backend.hubFaults = [{ code: 'BROKER_AWAY', detail: '', since: '2026-11-28T09:00:00.000Z' }]
  try {
    await logIn(page, 'viewer')
    await sees(page, '[data-hub-fault=BROKER_AWAY]')
  } finally {
    parts.backend.hubFaults = []
  }
})

test('each role sees what it may do, and no more', async ({ page }) => {
  await logIn(page, 'viewer')
  assert.is(await page.locator('nav a').count(), 2)
  await page.goto(`${parts.hub.url}#/room/${courtOf(5)}/${deviceOf(5)}`)
  await sees(page, '[data-alarm]')
  assert.is(await page.locator('.judging, .buttons button, textarea').count(), 0)
  await page.goto(`${parts.hub.url}#/users`)
  await sees(page, '.long-list .row')
  await page.locator('.me button').click()
  await sees(page, '[name=password]')
  assert.is(await page.locator('.row').count(), 0)
})

test('three languages, light and dark, desk and telephone: everything has its words, nothing is wider than the page', async ({
  page,
}) => {
  await logIn(page, 'administrator')
  for (const language of ['ru', 'kk', 'en'])
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 720 })
      await page.locator('#language').selectOption(language)
      await page.locator('#theme').selectOption(width > 1_000 ? 'dark' : 'light')
      assert.is(await page.locator('html').getAttribute('lang'), language)
      for (const view of ['', `room/${courtOf(5)}/${deviceOf(5)}`, 'alarms', 'enrolment', 'audit', 'users']) {
        await page.goto(`${parts.hub.url}#/${view}`)
        await sees(page, 'main section')
        const widest = await page.evaluate('document.documentElement.scrollWidth')
        assert.ok((widest as number) <= width, `${view} in ${language}: ${widest} of ${width}`)
        assert.not.match(await page.locator('body').innerText(), /undefined|\[object|NaN/)
      }
    }
})

if (chromium) test.run()
else console.log("SKIPPED  no chromium: the console's page is not tried")
