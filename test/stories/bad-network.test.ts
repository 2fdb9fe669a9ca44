// deadline: 240 s
/** Networks as they are, each in the middle of a hearing: not a picture and not a packet of sound is missing for it. */
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseTopic } from '../../controller/wire/fleet/topics.ts'
import { BadWire } from '../builders/bad-wire.ts'
import { startAedes } from '../ports/uplink/brokers.ts'
import { COURT } from './stage/hub.ts'
import { assertClosed, assertCounted, assertSpans, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import type { Stage } from './stage/stage.ts'
import { meanwhile } from './stage/story.ts'
import { until } from './stage/until.ts'

const TRACKS = [...CAMERAS, ...MICROPHONES]
const PICTURES_PER_S = 25
/** Opus, 20 ms each. */
const PACKETS_PER_S = 50
/** Each way: ten seconds until an answer. */
const SLOW_MS = 5_000

const mqtt = (url: string) => ({ mqtt: { url, court: COURT, device: 'vb-aaaaaaaaaaaaaaaa' }, metricsSeconds: 1 })

const assertNothingMissing = async (stage: Stage, hearing: string): Promise<void> => {
  await assertWhole(stage, hearing)
  const journal = assertClosed(stage, hearing)
  assertUnbroken(journal, TRACKS)
  assertSpans(journal, TRACKS, journal.of('hearing-closed')[0]!.mediaMs)
  assertCounted(journal, CAMERAS, PICTURES_PER_S)
  assertCounted(journal, MICROPHONES, PACKETS_PER_S)
}

meanwhile('ten seconds for an answer, half open, gone, and back: all of it in one hearing', {}, async (stage) => {
  const broker = await startAedes()
  const said: string[] = []
  broker.aedes.on('publish', ({ topic, payload }) => {
    if (parseTopic(topic)?.name === 'event') said.push(payload.toString())
  })
  const wire = await BadWire.to(Number(new URL(broker.url).port))
  try {
    await stage.ready({ fleet: mqtt(wire.url) })
    const isReached = (reached: boolean) =>
      stage.until(`reached: ${reached}`, 90, (now) => now.fleet?.reached === reached)
    await isReached(true)
    wire.slow(SLOW_MS)
    const hearing = await stage.rec()
    await until('the hearing is told of all the same', 60, () => said.some((text) => text.includes('hearing-opened')))
    wire.freeze()
    await isReached(false)
    await wire.close()
    await stage.until('nobody listens', 90, ({ fleet }) => fleet?.why.includes('ECONNREFUSED') === true)
    await wire.open()
    await isReached(true)
    const { tracks } = await stage.until('steady', 20, ({ lamp }) => lamp === 'steady')
    await stage.recorded(Math.min(...tracks.map(({ seconds }) => seconds)) + 1)
    await stage.stop()
    await assertNothingMissing(stage, hearing)
  } finally {
    await wire.close()
    await broker.stop()
  }
})

/** A resolver that hears every question and answers none. */
const DEAF = '127.7.7.7'
const OWN_RESOLVER = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', 'DIR/resolv']

const cannotMount = (): string | null => {
  if (process.getuid?.() !== 0) return 'not root'
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', 'mount --bind /etc/hostname /etc/resolv.conf'], { stdio: 'ignore' })
    return existsSync('/etc/resolv.conf') ? null : 'no resolv.conf'
  } catch {
    return 'no mount namespaces'
  }
}

const why = cannotMount()
if (why) console.log(`SKIPPED  DNS that does not answer: ${why}`)
else
  meanwhile(
    'DNS that hears and does not answer keeps no disk and no clerk waiting',
    { within: OWN_RESOLVER },
    async (stage) => {
      const resolver = createSocket('udp4')
      let asked = 0
      resolver.on('message', () => asked++)
      resolver.bind(53, DEAF)
      await once(resolver, 'listening')
      try {
        writeFileSync(join(stage.dir, 'resolv'), `nameserver ${DEAF}\noptions timeout:5 attempts:2\n`)
        await stage.ready({ fleet: mqtt('mqtt://broker.court.example:1883') })
        const hearing = await stage.rec()
        await until('it was asked', 60, () => asked > 0)
        await stage.recorded(12)
        const status = await stage.until('steady', 20, ({ lamp }) => lamp === 'steady')
        assert.is(status.fleet?.reached, false)
        await stage.stop()
        await assertNothingMissing(stage, hearing)
      } finally {
        resolver.close()
      }
    },
  )

test.run()
