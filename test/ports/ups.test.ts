/** The UPS, with the real upsd and NUT's own dummy driver; and servers that misbehave. */
import { createServer, type Server, type Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { codeOf } from '../../controller/base/error.ts'
import type { UpsReading } from '../../controller/core/event.ts'
import { readingIn } from '../../controller/ports/ups/nut-words.ts'
import { Ups, type UpsTimes } from '../../controller/ports/ups/ups.ts'
import { NutServer, noNut } from '../builders/nut.ts'
import { until } from '../stories/stage/until.ts'

const TIMES: UpsTimes = { everyMs: 100, answerMs: 500, longestMs: 300 }
const WITHIN_S = 30

class HeardUps {
  readonly losses: string[] = []
  readonly engineer: string[] = []
  reading: UpsReading | null = null
  heard = 0
  readonly ups: Ups

  constructor(port: number, name = 'rack') {
    this.ups = new Ups({
      ...{ host: '127.0.0.1', port, name, times: TIMES },
      onReading: (reading) => {
        this.reading = reading
        this.heard++
      },
      onLost: (code, why) => {
        this.reading = null
        this.losses.push(code)
        this.engineer.push(why.engineer)
      },
    })
  }

  until(what: string, pleases: (reading: UpsReading) => boolean): Promise<unknown> {
    return until(what, WITHIN_S, () => this.reading && pleases(this.reading))
  }

  lost(times: number): Promise<unknown> {
    return until(`${times} losses`, WITHIN_S, () => this.losses.length >= times)
  }
}

const why = noNut()
if (why) test('a real upsd', () => console.log(`SKIPPED  ups: ${why}`))
else {
  test('a real upsd: on line, on battery, low, worn; an unknown name; the driver ends, the server hangs, ends, comes back', async () => {
    const nut = await NutServer.start()
    const heard = new HeardUps(nut.port)
    try {
      await heard.until('on line', ({ isOnBattery }) => !isOnBattery)
      const full = { isOnBattery: false, isLow: false, isWorn: false, chargePercent: 100, runtimeMs: 900_000 }
      assert.equal(heard.reading, full)
      nut.say('OB DISCHRG', 80, 720)
      await heard.until('on battery', ({ isOnBattery, runtimeMs }) => isOnBattery && runtimeMs === 720_000)
      assert.is(heard.reading!.chargePercent, 80)
      nut.say('OB LB RB', 9, 60)
      await heard.until('low and worn', ({ isLow, isWorn }) => isLow && isWorn)
      nut.say('OL CHRG', 10, 100)
      await heard.until('back on line', ({ isOnBattery, isLow }) => !isOnBattery && !isLow)

      const stranger = new HeardUps(nut.port, 'attic')
      await until('refused', WITHIN_S, () => stranger.losses.includes('UPS_REFUSED'))
      assert.match(stranger.engineer.at(-1)!, 'UNKNOWN-UPS of "attic"')
      stranger.ups.close()

      // While the server comes up there may have been a word or two.
      const before = heard.losses.length
      await nut.endDriver()
      await heard.lost(before + 1)
      assert.is(heard.losses.at(-1), 'UPS_REFUSED')
      // At first upsd hopes that the driver is back soon, and says WAIT.
      await until('told', WITHIN_S, () => /DRIVER-NOT-CONNECTED|DATA-STALE/.test(heard.engineer.at(-1)!))
      await nut.startDriver()
      await heard.until('the driver again', () => true)

      const beforeHang = heard.losses.length
      nut.freezeServer()
      await heard.lost(beforeHang + 1)
      assert.is(heard.losses.at(-1), 'NO_ANSWER')
      nut.thawServer()
      await heard.until('thawed', () => true)

      const beforeEnd = heard.losses.length
      await nut.endServer()
      await heard.lost(beforeEnd + 1)
      assert.is(heard.losses.at(-1), 'NO_ANSWER')
      await nut.startServer()
      await heard.until('the server again', () => true)
    } finally {
      heard.ups.close()
      await nut.stop()
    }
  })
}

/** A server that does with a visitor what it likes. */
const serve = async (act: (visitor: Socket) => void): Promise<{ server: Server; port: number; visitors: Socket[] }> => {
  const visitors: Socket[] = []
  const server = createServer((visitor) => {
    visitors.push(visitor)
    visitor.on('error', () => {})
    act(visitor)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0, visitors }
}

const MISBEHAVING: Record<string, [act: (visitor: Socket) => void, code: string]> = {
  'takes the question and is silent': [() => {}, 'NO_ANSWER'],
  'hangs up at once': [(visitor) => visitor.end(), 'NO_ANSWER'],
  'is another server': [
    (visitor) => visitor.on('data', () => visitor.write('HTTP/1.1 400 Bad\r\n\r\n\r\n')),
    'ANSWER_INVALID',
  ],
  'speaks before it is asked': [(visitor) => visitor.write('220 mail ready\n'.repeat(9)), 'ANSWER_INVALID'],
  'never ends its line': [(visitor) => visitor.write('x'.repeat(100_000)), 'ANSWER_INVALID'],
  'answers for another UPS': [
    (visitor) => visitor.on('data', () => visitor.write('VAR attic ups.status "OL"\n'.repeat(3))),
    'ANSWER_INVALID',
  ],
  'does not know how the UPS is': [
    (visitor) =>
      visitor.on('data', () =>
        visitor.write('VAR rack ups.status "WAIT"\nERR VAR-NOT-SUPPORTED\nERR VAR-NOT-SUPPORTED\n'),
      ),
    'UPS_REFUSED',
  ],
}

for (const [what, [act, code]] of Object.entries(MISBEHAVING))
  test(`a server that ${what} is told once, and asked again`, async () => {
    const { server, port, visitors } = await serve(act)
    const heard = new HeardUps(port)
    await heard.lost(1)
    await until('asked again', WITHIN_S, () => visitors.length >= 3 || code === 'UPS_REFUSED')
    assert.equal(heard.losses, [code])
    assert.is(heard.heard, 0)
    heard.ups.close()
    server.close()
    for (const visitor of visitors) visitor.destroy()
  })

test('a server that is not there is told once', async () => {
  const { server, port } = await serve(() => {})
  await new Promise((resolve) => server.close(resolve))
  const heard = new HeardUps(port)
  await heard.lost(1)
  await new Promise((resolve) => setTimeout(resolve, 3 * TIMES.longestMs))
  assert.equal(heard.losses, ['NO_ANSWER'])
  heard.ups.close()
})

const status = (words: string) => [`VAR rack ups.status "${words}"`]
const none = 'ERR VAR-NOT-SUPPORTED'

test('words of a status, and values that are none', () => {
  const of = (...lines: string[]) => readingIn(lines, 'rack')
  assert.equal(of(...status('OL'), none, none), {
    ...{ isOnBattery: false, isLow: false, isWorn: false, chargePercent: null, runtimeMs: null },
  })
  assert.is(of(...status('OL LB'), none, none).isLow, true)
  assert.is(of(...status('ALARM OB'), none, none).isOnBattery, true)
  const forced = of(...status('FSD OL'), none, none)
  assert.ok(forced.isLow && forced.isOnBattery, 'a forced shutdown is near')
  for (const odd of ['', ' ', 'many', '-1', '1e999', 'NaN'])
    assert.is(of(...status('OL'), none, `VAR rack battery.runtime "${odd}"`).runtimeMs, null, odd)
  assert.is(of(...status('OL'), 'VAR rack battery.charge "97.5"', none).chargePercent, 97.5)
  for (const wrong of ['', 'VAR rack ups.status OL', 'VAR rack ups.status "OL', 'OK', 'VAR  "OL"'])
    assert.throws(
      () => of(wrong, none, none),
      (fault: unknown) => codeOf(fault) === 'ANSWER_INVALID',
    )
  assert.throws(
    () => of(none, none, none),
    (fault: unknown) => codeOf(fault) === 'UPS_REFUSED',
  )
})

test.run()
