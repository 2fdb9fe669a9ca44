// deadline: 300 s
/** The room's page in a real browser, by keyboard alone: a hearing with every kind of fault, seen on lamps and in words. */
import { join } from 'node:path'
import { type Browser, chromium as engine, type Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualBoard } from '../../hardware/virtual/board/virtual-board.ts'
import { type Courtroom, startCourtroom } from '../../hardware/virtual/courtroom.ts'
import { type RunningPage, startPage } from '../../hardware/virtual/page/page-server.ts'
import { VirtualBay } from '../../hardware/virtual/room/bay.ts'
import { makeRoom } from '../../hardware/virtual/room/make-room.ts'
import { VirtualMicrophones } from '../../hardware/virtual/room/microphones.ts'
import { chromium } from '../browser/chromium.ts'
import { assertClosed, assertWhole } from './stage/proof.ts'
import { cacheDir, SIZE } from './stage/room.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'

const SEEN_WITHIN_MS = 60_000
const PROFILE = join(process.cwd(), 'hardware/profiles/virtual-courtroom.json')
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** What a person at the keyboard does and sees. */
class Visitor {
  constructor(private readonly page: Page) {}

  async press(key: string, ms = 80): Promise<void> {
    await this.page.keyboard.press(key, { delay: ms })
  }

  async sees(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor({ state: 'visible', timeout: SEEN_WITHIN_MS })
  }

  /** The word beneath a lamp of the front panel, which is made from the chip's pins. */
  lamp(lamp: string, rhythm: string): Promise<void> {
    return this.sees(`.front-panel [data-lamp="${lamp}"][data-rhythm="${rhythm}"]`)
  }

  judgeSees(lamp: string, rhythm: string): Promise<void> {
    return this.sees(`.judge-lamp [data-lamp="${lamp}"][data-rhythm="${rhythm}"]`)
  }

  reads(code: string): Promise<void> {
    return this.sees(`.reason[data-code="${code}"]`)
  }

  async readsNoMore(code: string): Promise<void> {
    await this.page.locator(`.reason[data-code="${code}"]`).waitFor({ state: 'detached', timeout: SEEN_WITHIN_MS })
  }
}

const tellIt = async (page: Page): Promise<void> => {
  const visitor = new Visitor(page)
  await visitor.lamp('rec', 'dark')

  await visitor.press('r')
  await visitor.sees('[data-state="recording"]')
  await visitor.lamp('rec', 'steady')
  await visitor.judgeSees('rec', 'steady')

  // Camera: on, frozen, off, on. Two presses are two steps, however quick.
  await visitor.press('1')
  await visitor.press('1')
  await visitor.reads('SOURCE_AWAY')
  await visitor.sees('[data-id="camera.judge-camera"][data-position="off"]')
  await visitor.lamp('rec', 'blinking')
  await visitor.judgeSees('rec', 'blinking')
  await visitor.press('1')
  await visitor.readsNoMore('SOURCE_AWAY')
  await visitor.lamp('rec', 'steady')

  await visitor.press('p')
  await visitor.reads('ON_BATTERY')
  await visitor.sees('[data-id="mains"][aria-pressed="false"]')
  await visitor.press('p')
  await visitor.readsNoMore('ON_BATTERY')

  await visitor.press('f')
  await visitor.reads('DISK_FAILED')
  await visitor.lamp('disk', 'blinking')
  await visitor.press('f')
  await visitor.readsNoMore('DISK_FAILED')
  await visitor.sees('.stores .good:has-text("mirror")')
  await visitor.lamp('rec', 'steady')

  await visitor.press('u')
  await visitor.lamp('rec', 'unplugged')
  await visitor.press('u')
  await visitor.lamp('rec', 'steady')

  // The recorder is killed: the panel says by itself that nobody is known to record; then all goes on.
  await visitor.press('k')
  await visitor.sees('[data-verdict="silent"]')
  await visitor.lamp('rec', 'flashing')
  await visitor.judgeSees('fault', 'flashing')
  await visitor.press('k')
  await visitor.lamp('rec', 'steady')

  // The whole page in another language, and what was seen is still there.
  await page.locator('#language').selectOption('kk')
  assert.is(await page.locator('html').getAttribute('lang'), 'kk')
  await visitor.sees('.press.rec:has-text("ЖАЗУ")')
  await visitor.lamp('rec', 'steady')
  await page.locator('#language').blur()

  // By Tab and Space alone, held for a long press; the letter would do too.
  await page.locator('.press.stop').focus()
  await visitor.press('Space', 1_500)
  await visitor.sees('[data-state="closed"]')
  await visitor.lamp('rec', 'dark')
}

const PARTS = { courtroom: null, board: null, page: null, browser: null } as {
  courtroom: Courtroom | null
  board: VirtualBoard | null
  page: RunningPage | null
  browser: Browser | null
}

const inBrowser = async (stage: Stage): Promise<void> => {
  const courtroom = await startCourtroom({ cacheDir, size: SIZE, seconds: 20, panelsDir: stage.runtimeDir })
  PARTS.courtroom = courtroom
  const board = new VirtualBoard(join(stage.runtimeDir, 'board.sock'))
  PARTS.board = board
  await board.ready
  const microphones = await VirtualMicrophones.open(
    courtroom.microphones,
    courtroom.speech,
    join(stage.dir, 'microphones.wav'),
  )
  const { sources, panels } = courtroom.config(stage.stores, { runtimeDir: '-', stateDir: '-' }, microphones.path)
  await stage.ready({
    sources,
    ...(panels ? { panels } : {}),
    board: { profile: PROFILE },
    power: { powerOff: ['true'] },
  })
  const recorder = {
    isIn: () => stage.recorder.ended === null,
    turn: async (isIn: boolean) => void (isIn ? stage.start() : await stage.recorder.end('SIGKILL')),
  }
  const bays = await Promise.all(stage.stores.map(VirtualBay.open))
  const room = makeRoom({ courtroom, microphones, board, bays, recorder })
  PARTS.page = await startPage({ room, runtimeDir: stage.runtimeDir })
  const { url } = PARTS.page

  PARTS.browser = await engine.launch({ executablePath: chromium!, args: FLAGS })
  const page = await PARTS.browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
  const complaints: string[] = []
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  page.on('pageerror', (fault) => complaints.push(fault.message))
  page.on('request', (request) => request.url().startsWith(url) || complaints.push(request.url()))
  await page.goto(url)
  try {
    await tellIt(page)
  } catch (fault) {
    console.log(await page.locator('main').innerText())
    throw fault
  }
  assert.equal(complaints, [], 'nothing is loaded from elsewhere, nothing breaks its policy')
  const { hearing } = await stage.until('both disks good', 60, ({ stores }) =>
    stores.every(({ state }) => state === 'good'),
  )
  await assertWhole(stage, hearing!)
  assertClosed(stage, hearing!)
}

if (!chromium) {
  console.log("SKIPPED  no chromium: the room's page is not tried")
  test('nothing to try', () => {})
} else
  story("a hearing with every kind of fault, on the room's page, by keyboard alone", {}, async (stage) => {
    try {
      await inBrowser(stage)
    } finally {
      await PARTS.browser?.close()
      await PARTS.page?.stop()
      await PARTS.board?.close()
      await PARTS.courtroom?.stop()
    }
  })

test.run()
