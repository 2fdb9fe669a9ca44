// deadline: 180 s
/** The console over the real hub: rooms that really connect, and what an administrator does with a mouse. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConsoleClient } from '../../../controller/simulator/console-client.ts'
import type { Enrolment } from '../../../controller/wire/console.ts'
import { HubChild } from '../../../scripts/lib/fleet/hub-child.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { chromium } from '../../browser/chromium.ts'
import { logInAt, openBrowser, openConsole, sees } from '../../browser/console-page.ts'
import { until } from '../../stories/stage/until.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const [PASSWORD, OTHER] = ['a long enough one', 'another long one']
/** What the browser says while nobody is logged in, while there is no hub, and when a password is wrong. */
const EXPECTED = /status of (401|403)|ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)/

const dir = mkdtempSync(join(tmpdir(), 'verbatim-real-hub-'))
const parts = {} as { hub: HubChild; rooms: ChildProcess; browser: Browser }
const test = suite('console over the real hub')

/** Two rooms that ask; their codes as they say them. A code counts once the hub has heard who asks with it. */
const simulate = async (web: string): Promise<string[]> => {
  const words = ['simulate', '--devices', '2', '--hub', web, '--home', join(dir, 'rooms'), '--at', '10:00']
  parts.rooms = spawn(process.execPath, [join(ROOT, 'dist/verbatim.js'), ...words])
  let said = ''
  parts.rooms.stderr!.on('data', (text) => {
    said += text
  })
  const codes = await until('two codes', 60, () => {
    const codes = said.match(/^\w{4}-\w{4}-\w{4}/gm) ?? []
    return codes.length === 2 && codes
  })
  const console = new ConsoleClient(web)
  await console.login('anna', PASSWORD)
  await until('both have asked', 60, async () => (await console.ask<Enrolment>('enrolment')).waiting.length === 2)
  return codes
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const sure = async (page: Page, name: string) => {
  await button(page, name).first().click()
  await page.locator('.sure .grave').click()
}

test.before(async () => {
  parts.hub = await HubChild.start({
    ...{ root: ROOT, dir, administrator: { name: 'anna', password: PASSWORD } },
    config: {
      ...{ region: 'Almaty', web: { host: '127.0.0.1', port: await freePort(), tls: false } },
      broker: { kind: 'embedded', host: '127.0.0.1', port: await freePort() },
    },
  })
  parts.browser = await openBrowser()
})
test.after(async () => {
  await parts.browser?.close()
  parts.rooms?.kill('SIGKILL')
  await parts.hub?.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('from the code to the hub that was started again', async () => {
  const { web } = parts.hub.addresses
  const { page, complaints } = await openConsole(parts.browser, () => web, EXPECTED)
  await logInAt(page, web, 'anna', PASSWORD)
  const codes = await simulate(web)

  // Enrolled: one by its code, one as a shipment.
  await page.getByRole('link', { name: 'Enrolment' }).click()
  await page.fill('[name=code]', codes[0]!)
  await page.fill('[name=court]', 'almaty-district')
  await page.fill('[name=courtName]', 'Almaty District Court')
  await button(page, 'Enrol').click()
  await sees(page, '[role=status]:has-text("It is enrolled")')
  const buffer = Buffer.from(`${codes[1]};astana-city;Astana City Court\n`)
  await page.setInputFiles('input[type=file]', { name: 'rooms.csv', mimeType: 'text/csv', buffer })
  await sees(page, 'tr:has-text("Astana City Court")')
  await page.getByRole('link', { name: 'Rooms' }).click()
  const row = (court: string) => page.locator('.long-list .row', { hasText: court })
  await row('Astana City Court').filter({ hasNotText: 'never seen' }).waitFor()
  await row('Almaty District Court').filter({ hasNotText: 'never seen' }).click()
  await sees(page, 'article.room')

  // Orders, a configuration that is wanted and then reported, a docket.
  await button(page, 'Light its lamps').click()
  await sees(page, '.events:has-text("All lamps are lit")')
  const configuration = page.getByRole('region', { name: 'Configuration' })
  await configuration.locator('textarea').fill('{"limits":')
  await sure(page, 'Have it applied')
  await sees(page, '.notice:has-text("JSON")')
  await configuration.locator('textarea').fill('{"limits":{"silentSeconds":77}}')
  await sure(page, 'Have it applied')
  await sees(page, 'section:has-text("Revision 1 is in force · applied")')
  const docket = page.getByRole('region', { name: 'Docket' })
  await docket.locator('textarea').fill('09:00 10:30 2-1234\nno hearing')
  await button(page, 'Give to the device').click()
  await sees(page, '.notice:has-text("This line is no hearing: no hearing")')
  await docket.locator('textarea').fill('09:00 10:30 2-1234')
  await button(page, 'Give to the device').click()
  await sees(page, '[role=status]:has-text("Given.")')
  await sees(page, '.events:has-text("Docket received")')

  // The rooms die: an alarm comes by itself, somebody sees to it, and silences it.
  parts.rooms.kill('SIGKILL')
  const alarm = page.locator('[data-alarm^="DEVICE_LOST"]')
  await alarm.locator('input').first().fill('On my way')
  await alarm.getByRole('button', { name: 'I see to it' }).click()
  await alarm.locator('.good-text', { hasText: 'anna sees to it' }).waitFor()
  await alarm.getByRole('button', { name: 'Silence' }).click()
  await alarm.getByText('silent until').waitFor()
  await alarm.getByRole('button', { name: 'No longer silent' }).click()
  await alarm.getByRole('button', { name: 'Silence' }).waitFor()

  // Revoked: gone from the list at once.
  await page.getByRole('link', { name: 'Enrolment' }).click()
  await page.locator('tr', { hasText: 'Astana City Court' }).getByRole('button', { name: 'Revoke' }).click()
  await page.locator('.sure .grave').click()
  await sees(page, 'tr:has-text("Astana City Court"):has-text("revoked")')
  await page.getByRole('link', { name: 'Rooms' }).click()
  await row('Astana City Court').waitFor({ state: 'detached' })

  // People, and one's own password.
  await page.getByRole('link', { name: 'People' }).click()
  await page.fill('[name=name]', 'boris')
  await page.fill('[name=password]', PASSWORD)
  await button(page, 'Add, or give a new password').click()
  const boris = page.locator('tr', { hasText: 'boris' })
  await boris.getByRole('button', { name: 'Remove' }).click()
  await page.locator('.sure .grave').click()
  await boris.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'anna' }).click()
  // The page before has a field for a password too.
  await sees(page, '[name=again]')
  for (const [present, again, said] of [
    [PASSWORD, 'something else', '.notice:has-text("differ")'],
    ['not this one', OTHER, '.notice:has-text("The password is wrong")'],
    [PASSWORD, OTHER, '[role=status]:has-text("It is changed")'],
  ] as const) {
    await page.fill('[name=password]', present)
    await page.fill('[name=newPassword]', OTHER)
    await page.fill('[name=again]', again)
    await button(page, 'Change the password').click()
    await sees(page, said)
  }

  // All of it stands in the audit, and no password does.
  await page.getByRole('link', { name: 'Audit' }).click()
  await sees(page, 'td:has-text("Logged in")')
  const audit = await page.locator('table').innerText()
  for (const what of [
    ...['Enrolled a device', 'Shipment expected', 'Order sent', 'Configuration wanted', 'Docket given'],
    ...['Alarm judged', 'Device revoked', 'Person added or changed', 'Person removed', 'Own password changed'],
    'Own password: the present one was wrong',
  ])
    assert.ok(audit.includes(what), `${what} in ${audit}`)
  for (const secret of [PASSWORD, OTHER, codes[0]!]) assert.not.ok(audit.includes(secret))

  // The hub dies and comes back: the page says so, and asks to log in.
  await parts.hub.kill()
  await sees(page, '.live:has-text("no connection to the hub")')
  await parts.hub.start()
  await sees(page, '.notice:has-text("You are logged out")')
  await logInAt(page, web, 'anna', OTHER)
  await page.getByRole('link', { name: 'Rooms' }).click()
  await row('Almaty District Court').waitFor()
  await sees(page, '.live.good-text')
  assert.is(await page.locator('.notice').count(), 0)
  assert.equal(complaints, [])
})

if (chromium) test.run()
else console.log('SKIPPED  no chromium: the console is not tried over the real hub')
