// deadline: 90 s
/** A wrong configuration is refused with every mistake by its path; a source that cannot be had costs the others nothing. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertClosed, assertUnbroken, assertWhole } from './stage/proof.ts'
import { camera, INTERFACE } from './stage/sources.ts'
import { LIVE_WITHIN_S, type Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'

const WRONG_CONFIGURATION = 78

const WRONG: Record<string, { config: (stage: Stage) => unknown; says: (string | RegExp)[] }> = {
  'no JSON': { config: () => '{ "court": "A", ', says: ['CONFIG_UNREADABLE', 'wrong-0.json', 'JSON'] },
  'an empty file': { config: () => '', says: ['CONFIG_UNREADABLE'] },
  'a list': { config: () => [], says: ['CONFIG_INVALID', 'expected object'] },
  'an unknown key': {
    config: ({ config }) => ({ ...config, colour: 'red' }),
    says: ['unknown key "colour"'],
  },
  'an unknown key inside': {
    config: ({ config }) => ({ ...config, sources: [{ ...camera('judge-camera'), colour: 'red' }] }),
    says: ['sources.0', 'unknown key "colour"'],
  },
  'names used twice': {
    config: ({ config }) => ({ ...config, sources: [camera('judge-camera'), camera('judge-camera')] }),
    says: ['sources.1.name', '"judge-camera" is already used at sources.0.name'],
  },
  'sources that cannot be': {
    config: ({ config }) => ({
      ...config,
      sources: [
        { kind: 'rtsp', name: 'one', url: 'http://camera' },
        { kind: 'telepathy', name: 'two' },
        { kind: 'test', media: 'video', name: 'Three!' },
        { kind: 'v4l2', name: 'four', device: '/dev/video0', framerate: 1000 },
      ],
    }),
    says: ['sources.0.url: rtsp://host', 'sources.1', 'sources.2.name', 'sources.3.framerate'],
  },
  'channels the interface has not': {
    config: ({ config }) => ({
      ...config,
      sources: [
        {
          ...{ kind: 'file', media: 'audio', name: 'interface', path: '/a.wav', channels: 2 },
          tracks: [{ name: 'a-mic', channel: 3 }],
        },
      ],
    }),
    says: ['sources.0.tracks.0.channel: channel 3 of an interface with 2'],
  },
  'one disk twice': {
    config: ({ config }) => ({ ...config, stores: [config.stores[0], config.stores[0]] }),
    says: ['stores.1: two stores need two names and two folders'],
  },
  'nothing at all': { config: () => ({}), says: ['court', 'room', 'runtimeDir', 'stateDir', 'stores', 'sources'] },
}

story('every mistake in a configuration is named by its path', {}, async (stage) => {
  await Promise.all(
    Object.entries(WRONG).map(async ([what, { config, says }], i) => {
      const recorder = stage.startAnother(config(stage), `wrong-${i}`)
      assert.is(await recorder.gone(), WRONG_CONFIGURATION, what)
      for (const word of says) assert.match(recorder.said.replaceAll('\\"', '"'), word, what)
    }),
  )
})

story('cameras and files that are not there cost the others nothing', {}, async (stage) => {
  const [judge, , microphones] = stage.config.sources
  const missing = [
    { kind: 'rtsp', name: 'no-camera', label: 'Camera that is not there', url: 'rtsp://127.0.0.1:9/none' },
    { kind: 'file', media: 'video', name: 'no-file', path: `${stage.dir}/none.mp4` },
    { kind: 'v4l2', name: 'no-device', device: '/dev/video97' },
  ] as const
  stage.start({ sources: [judge!, microphones!, ...missing] })
  await stage.until('the others live', LIVE_WITHIN_S, ({ sources }) =>
    sources.every(({ name, state }) => (missing.some((one) => one.name === name) ? true : state === 'live')),
  )
  const hearing = await stage.rec()
  const present = ['judge-camera', ...tracksOf(microphones)]
  const told = await stage.until('the others recorded, the missing told', 40, ({ tracks, health }) => {
    const recorded = tracks.filter(({ name }) => present.includes(name)).every(({ seconds }) => seconds > 3)
    return recorded && missing.every(({ name }) => health.reasons.some(({ clerk }) => isTold(clerk, name)))
  })
  assert.is(told.lamp, 'blinking')
  for (const { clerk, engineer } of told.health.reasons) console.log(`      ${clerk} [${engineer.slice(0, 160)}]`)
  await stage.stop()
  await assertWhole(stage, hearing)
  assertUnbroken(assertClosed(stage, hearing), present)
})

/** In plain words: which one, and what to do. */
const isTold = (clerk: string, name: string) =>
  clerk.includes(name === 'no-camera' ? 'Camera that is not there' : `"${name}"`) && /look at/.test(clerk)

const tracksOf = (source: unknown): string[] =>
  source && typeof source === 'object' && 'tracks' in source
    ? (source.tracks as { name: string }[]).map(({ name }) => name)
    : [INTERFACE]

test.run()
