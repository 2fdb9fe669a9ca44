import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { wordOf } from '../../controller/capture/bus.ts'

const test = suite('bus')
/** Messages come from a C++ binding: nothing about their shape is certain. */
const word = (message: Record<string, unknown>) => wordOf(message as unknown as Parameters<typeof wordOf>[0])
const failed = (message: string, debug = '') => {
  const said = word({ type: 'error', name: 'src', message, debug })
  return said?.is === 'failed' ? said.reason : null
}

test('levels are read as the binding writes them, a channel after the other', () => {
  const level = { type: 'element', name: 'level', _src_element_name: 'levels' }
  assert.equal(word({ ...level, rms: '< -4.948993, -inf, -20.5 >', peak: '< -1.9, -700, 0 >' }), {
    is: 'levels',
    channels: [
      { rmsDbfs: -4.948993, peakDbfs: -1.9 },
      { rmsDbfs: -144, peakDbfs: -144 },
      { rmsDbfs: -20.5, peakDbfs: 0 },
    ],
  })
  for (const rms of ['< -inf >', '-inf', '', undefined, null, '< nan >', [], {}, '< -700 >'])
    assert.equal(word({ ...level, rms, peak: rms }), { is: 'levels', channels: [{ rmsDbfs: -144, peakDbfs: -144 }] })
})

test('the metronome is no microphone', () => {
  const beat = { type: 'element', name: 'level', _src_element_name: 'metronome', 'running-time': 1_500_000_000 }
  assert.equal(word(beat), { is: 'metronome', runningMs: 1_500 })
})

test('voice, pictures and ends', () => {
  const voice = { type: 'element', name: 'voice-activity', _src_element_name: 'voice-clerk' }
  assert.equal(word({ ...voice, 'stream-has-voice': true }), { is: 'voice', track: 'clerk', present: true })
  assert.equal(word({ ...voice, 'stream-has-voice': 'true' }), { is: 'voice', track: 'clerk', present: false })
  const look = { type: 'element', name: 'GstVideoAnalyse', 'luma-average': '0.0627', 'luma-variance': 0 }
  assert.equal(word({ ...look, 'running-time': '1500000000' }), {
    ...{ is: 'picture', runningMs: 1_500, luma: 0.0627, variance: 0 },
  })
  assert.equal(word({ type: 'eos' }), { is: 'ended' })
  assert.equal(word({ type: 'segment-done' }), { is: 'looped' })
})

test('failures are said in plain words, and exactly', () => {
  const plain: [string, string, RegExp][] = [
    ['Watchdog triggered', '', /nothing arrives/],
    ['Unauthorized', '', /refuses the user name or password/],
    ['Not found', 'Not Found (404)', /not there/],
    ['Could not connect to server', 'Connection refused', /no connection/],
    ['Could not read from resource.', '', /no connection/],
    ['Internal data stream error.', 'streaming stopped, reason not-negotiated (-4)', /format that cannot be recorded/],
    ['Internal data stream error.', 'streaming stopped, reason error (-5)', /stopped delivering/],
  ]
  for (const [message, debug, clerk] of plain) {
    const why = failed(message, debug)
    assert.match(why!.clerk, clerk, message)
    assert.match(why!.engineer, message)
  }
  assert.ok(failed('x'.repeat(100_000))!.engineer.length <= 2_000)
  assert.not.match(failed('two\nlines')!.engineer, '\n')
})

test('anything else is not for us', () => {
  for (const message of [{}, { type: 'state-changed' }, { type: 'element', name: 'level-ish' }, { type: 'warning' }])
    assert.is(word(message), null)
})

test.run()
