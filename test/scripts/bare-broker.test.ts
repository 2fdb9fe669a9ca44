/** The bench of brokers that have nothing beside them, with a handful of clients. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { roomsOf } from '../../controller/simulator/room.ts'
import { readBareBenchOptions } from '../../scripts/lib/bench/fleet/bare/bare-options.ts'
import { bareTable } from '../../scripts/lib/bench/fleet/bare/bare-table.ts'
import { measureBare } from '../../scripts/lib/bench/fleet/bare/measure-bare.ts'
import { tableText } from '../../scripts/lib/bench/table-text.ts'
import { Endings } from '../../scripts/lib/endings.ts'

const test = suite('bare broker')
const CLIENTS = 6

for (const kind of ['embedded', 'mosquitto'] as const)
  test(`${kind}, plain: all are taken in, all is acknowledged and heard, and every will comes`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'verbatim-bare-'))
    const { add: atEnd, tidy } = new Endings(assert.unreachable)
    try {
      const figures = await measureBare({
        ...{ root: join(import.meta.dirname, '../..'), dir, kind, secure: null },
        members: roomsOf(1, CLIENTS).map(({ device, court }) => ({ device, court: court.id })),
        ...{ seconds: 1, everyMs: 200, processes: 2, say: () => {}, atEnd },
      })
      const { births, wills, ended, said, heard, puback } = figures
      assert.equal({ births, wills, ended }, { births: CLIENTS, wills: CLIENTS, ended: 0 })
      assert.ok(said >= CLIENTS, `${said} messages`)
      assert.equal({ heard, acknowledged: puback.count }, { heard: said, acknowledged: said })
      const text = tableText(bareTable({ broker: kind, devices: CLIENTS, plain: figures, secure: figures }, 200))
      assert.match(text, `${said}, ${said}, ${said}`)
      assert.not.match(text, 'NaN')
    } finally {
      await tidy()
      rmSync(dir, { recursive: true, force: true })
    }
  })

test('without a broker all three are measured', () => {
  const read = (...words: string[]) => readBareBenchOptions(['--bare', ...words])
  assert.equal(read().brokers, ['embedded', 'mosquitto', 'nats'])
  const { brokers, devices } = read('--broker', 'nats', '--devices', '50')
  assert.equal({ brokers, devices }, { brokers: ['nats'], devices: 50 })
  assert.throws(() => read('--broker', 'rabbit'), '--broker wants one of')
  assert.throws(() => read('--devices', '12000'), '--devices wants a whole number')
})

test.run()
