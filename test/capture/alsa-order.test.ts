// Real alsa-lib and real alsasrc, without hardware: ALSA's `file` plug-in plays six tones as an interface.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ORDERED_DEVICE, orderedDevice, useOrderedDevice } from '../../controller/capture/alsa-order.ts'
import { alsaInterface } from '../../controller/capture/launch.ts'
import { loudestTone } from '../builders/tones.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-alsa-'))
const test = suite('order of an ALSA interface')
test.after(() => rmSync(dir, { recursive: true, force: true }))

const TONES = [400, 500, 600, 700, 800, 900]
const RATE = 48_000

/** An ALSA configuration with a device `six`. */
const interfaceOf = (channels: number): string => {
  const raw = join(dir, `${channels}.raw`)
  const sound = Buffer.alloc(RATE * 5 * channels * 2)
  for (let i = 0; i < RATE * 5; i++)
    for (let channel = 0; channel < channels; channel++)
      sound.writeInt16LE(
        Math.round(9_000 * Math.sin((2 * Math.PI * TONES[channel]! * i) / RATE)),
        (i * channels + channel) * 2,
      )
  writeFileSync(raw, sound)
  const config = join(dir, `${channels}.conf`)
  writeFileSync(
    config,
    `</usr/share/alsa/alsa.conf>
pcm.six { type file slave.pcm null file /dev/null infile "${raw}" format raw }
`,
  )
  return config
}

/** The tone of each channel, as GStreamer gives them. */
const tonesOf = (device: string, channels: number, config: string): number[] =>
  tonesFrom(
    `alsasrc device=${device} num-buffers=60 provide-clock=false ! audio/x-raw,rate=${RATE},channels=${channels}`,
    channels,
    config,
  )

const tonesFrom = (from: string, channels: number, config: string): number[] => {
  const out = join(dir, 'out.raw')
  const line = `${from} ! audioconvert ! audio/x-raw,format=S16LE,rate=${RATE} ! filesink location=${out}`
  execFileSync('gst-launch-1.0', ['-q', ...line.split(' ')], {
    env: { ...process.env, ALSA_CONFIG_PATH: config },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
  })
  const bytes = readFileSync(out)
  const heard = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2))
  return Array.from({ length: channels }, (_, channel) =>
    loudestTone(
      heard.filter((_value, i) => i % channels === channel),
      RATE,
      TONES,
    ),
  )
}

test('plain alsasrc permutes six channels: the reason for the ordered device', () => {
  const config = interfaceOf(6)
  const heard = tonesOf('six', 6, config)
  assert.equal([...heard].sort(), TONES)
  assert.not.equal(heard, TONES)
})

for (const channels of [1, 2, 3, 4, 6] as const)
  test(`the ordered device keeps ${channels} channels where they are`, () => {
    const base = interfaceOf(channels)
    const config = join(dir, `ordered-${channels}.conf`)
    writeFileSync(config, orderedDevice('six', channels).replace('/usr/share/alsa/alsa.conf', base))
    assert.equal(tonesOf(ORDERED_DEVICE, channels, config), TONES.slice(0, channels))
  })

for (const channels of [1, 3, 6] as const)
  test(`a worker opens an interface with all its ${channels} channels, and asks for nothing else`, () => {
    const config = join(dir, `worker-${channels}.conf`)
    writeFileSync(config, orderedDevice('six', channels).replace('/usr/share/alsa/alsa.conf', interfaceOf(channels)))
    const from = alsaInterface(channels).replace('name=interface', 'num-buffers=60')
    assert.equal(tonesFrom(from, channels, config), TONES.slice(0, channels))
  })

test('a configuration that is set already stays readable, and only by its owner', () => {
  const before = process.env.ALSA_CONFIG_PATH
  try {
    process.env.ALSA_CONFIG_PATH = interfaceOf(6)
    const path = join(dir, 'used.conf')
    useOrderedDevice(path, 'six', 6)
    assert.is(process.env.ALSA_CONFIG_PATH, path)
    assert.equal(tonesOf(ORDERED_DEVICE, 6, path), TONES)
  } finally {
    if (before === undefined) delete process.env.ALSA_CONFIG_PATH
    else process.env.ALSA_CONFIG_PATH = before
  }
})

test.run()
