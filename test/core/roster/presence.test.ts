import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fleet } from './fleet.ts'

/** What is told, one word each, and the presence after each. `+N` waits N seconds. */
const TABLE: [told: string, presences: string][] = [
  ['', ''],
  ['ready:1', 'online'],
  ['ready:1 lost:1', 'online lost'],
  ['ready:1 gone:1', 'online disconnected'],
  // A will of an earlier connection is stale, and so is its goodbye.
  ['ready:2 lost:1', 'online online'],
  ['ready:2 gone:1', 'online online'],
  // Called lost by mistake, it says so again.
  ['ready:2 lost:2 ready:2', 'online lost online'],
  // Each heartbeat is 60 s: late after two, lost after three.
  ['ready:1 +120 +1 +59 +1', 'online online late late lost'],
  ['ready:1 +119 state +119 +2', 'online online online online late'],
  ['ready:1 +181 state', 'online lost online'],
  ['ready:1 +125 metrics', 'online late online'],
  // What the device sent before it died may come after its will; what comes later is from somebody alive.
  ['ready:1 lost:1 state +5 state', 'online lost lost lost online'],
  ['ready:1 gone:1 state +600', 'online disconnected disconnected disconnected'],
  ['ready:1 gone:1 ready:2', 'online disconnected online'],
  ['ready:1 lost:1 ready:2 lost:1', 'online lost online online'],
  // What was retained counts, unless it is of an earlier connection.
  ['kept-ready:3', 'online'],
  ['kept-lost:3', 'lost'],
  ['ready:3 kept-lost:2', 'online online'],
  ['ready:3 kept-lost:3', 'online lost'],
  ['ready:3 kept-ready:2 lost:3', 'online online lost'],
  ['kept-state', 'never'],
  // Set up anew, it counts its connections from the beginning.
  ['ready:9 ready:1 lost:1', 'online online lost'],
  // Without its broker the hub hears nobody, and blames nobody.
  ['ready:1 deaf +600 kept-ready:1 hears +100', 'online online online online online online'],
  ['ready:1 deaf +600 kept-ready:1 hears +121', 'online online online online online late'],
  ['ready:1 deaf +600 hears metrics +100', 'online online online online online online'],
  // Nobody has said since that it is there: it died with the broker, or needs longer than the others.
  ['ready:1 deaf +600 hears +15 +1', 'online online online online online lost'],
  ['ready:1 deaf hears +16 ready:2', 'online online online lost online'],
  ['ready:1 deaf kept-lost:1 hears', 'online online lost lost'],
]

for (const [told, presences] of TABLE)
  test(`presence: ${told || 'nothing said'}`, () => {
    const fleet = new Fleet()
    const seen = told
      .split(' ')
      .filter(Boolean)
      .map((word) => {
        const [what = '', bd = '0'] = word.split(':')
        const state = { ready: 'ready', lost: 'lost', gone: 'disconnected' }[what.replace('kept-', '')]
        if (word.startsWith('+')) fleet.wait(Number(word))
        else if (state) fleet.presence(state as 'ready', Number(bd), { retained: what.startsWith('kept-') })
        else if (what === 'deaf' || what === 'hears') fleet.tell({ is: 'link-changed', connected: what === 'hears' })
        else if (what === 'metrics')
          fleet.tell({
            is: 'metrics-said',
            device: fleet.row().device,
            metrics: { at: new Date(fleet.utcMs).toISOString() },
          })
        else fleet.state({}, what === 'kept-state')
        return fleet.row().presence
      })
    assert.is(seen.join(' '), presences)
  })

test('the wall clock of the hub may step: nobody ages by it', () => {
  const fleet = new Fleet()
  fleet.presence('ready', 1)
  fleet.utcMs += 86_400_000
  fleet.wait(100)
  assert.is(fleet.row().presence, 'online')
  fleet.utcMs -= 3 * 86_400_000
  fleet.wait(100)
  assert.is(fleet.row().presence, 'lost')
})

test('who connects is greeted, once a connection', () => {
  const fleet = new Fleet()
  const greeted = (commands: { do: string }[]) => commands.filter((one) => one.do === 'greet-device').length
  assert.is(greeted(fleet.presence('ready', 1)), 1)
  assert.is(greeted(fleet.presence('ready', 1)), 0)
  assert.is(greeted(fleet.presence('ready', 2)), 1)
  assert.is(greeted(fleet.presence('lost', 2)), 0)
  assert.is(greeted(fleet.presence('ready', 2)), 1)
  // A broker that was away may have forgotten what was retained.
  fleet.tell({ is: 'link-changed', connected: false })
  fleet.tell({ is: 'link-changed', connected: true })
  assert.is(greeted(fleet.presence('ready', 2)), 1)
})

test('a hub that comes back waits 15 s for whom it knew, and a minute before it calls anybody', () => {
  const seenUtcMs = Date.parse('2026-11-24T08:59:00.000Z')
  const known = { version: '1', certificateExpiresUtcMs: null, alarms: [], schedule: [], hoursLeft: [] }
  const fleet = new Fleet({ remembered: { seenUtcMs, ...known } })
  assert.is(fleet.row().presence, 'late')
  fleet.wait(15)
  assert.is(fleet.row().presence, 'late')
  fleet.wait(1)
  assert.equal([fleet.row().presence, fleet.row().alarms], ['lost', 0])
  fleet.wait(45)
  assert.equal([fleet.row().presence, fleet.row().worst], ['lost', 'DEVICE_LOST'])
  fleet.presence('ready', 4)
  assert.equal([fleet.row().presence, fleet.row().worst], ['online', ''])
})

test('two machines of one name: boots that speak in turn, or connections that end each other', () => {
  const one = new Fleet()
  one.presence('ready', 1, { boot: 'a' })
  one.presence('ready', 2, { boot: 'b' })
  assert.is(one.row().alarms, 0)
  one.presence('ready', 2, { boot: 'a' })
  assert.is(one.row().worst, 'DEVICE_DOUBLED')
  const other = new Fleet()
  for (let i = 0; i < 3; i++) {
    assert.is(other.row().alarms, 0)
    other.tell({ is: 'connection-taken', device: other.row().device })
    other.wait(20)
  }
  assert.is(other.row().worst, 'DEVICE_DOUBLED')
})

test.run()
