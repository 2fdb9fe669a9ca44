import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { z } from 'zod'
import { codeOf } from '../../controller/base/error.ts'
import { FromWorker, parseFrame, ToWorker } from '../../controller/wire/capture.ts'
import { ToRecorder } from '../../controller/wire/clerk.ts'

const SCHEMAS: Record<string, z.ZodType> = { FromWorker, ToWorker, ToRecorder }
const RUNS = { numRuns: 5_000 }

const FRAMES: Record<string, unknown[]> = {
  FromWorker: [
    { is: 'heartbeat', run: 1, atMs: 5.5, waitingMs: { store: 0, mirror: 12 } },
    { is: 'armed', run: 3, baseMs: 1_000 },
    {
      is: 'fragment',
      run: 1,
      fragment: {
        ...{ track: 'judge-mic', run: 1, seq: 7, file: 'judge-mic/a.mp4', offset: 0, bytes: 9 },
        ...{ sha256: 'a'.repeat(64), mediaMs: 0, durationMs: 480, samples: 24, codec: 'opus', stores: ['store'] },
      },
    },
  ],
  ToWorker: [{ do: 'close', atMs: 5, final: true }, { do: 'catch-up', since: { 'judge-mic': 4 } }, { do: 'end' }],
  ToRecorder: [{ do: 'press', button: 'rec', case: '2-1234', by: 'clerk' }, { do: 'status' }, { do: 'hearings' }],
}

/** The code of what is thrown; null when the frame was taken. Throws what is no error of ours. */
const outcome = (schema: z.ZodType, line: Buffer): string | null => {
  try {
    parseFrame(schema, line)
    return null
  } catch (thrown) {
    const code = codeOf(thrown)
    if (code !== 'FRAME_INVALID') throw thrown
    return code
  }
}

const tagged = fc.record(
  {
    is: fc.constantFrom('hello', 'fragment', 'levels', 'stored', 'toString', '__proto__'),
    do: fc.constantFrom('press', 'open', 'catch-up', 'end', 'constructor'),
    run: fc.jsonValue(),
    fragment: fc.jsonValue(),
    since: fc.jsonValue(),
    button: fc.jsonValue(),
    waitingMs: fc.jsonValue(),
  },
  { requiredKeys: [] },
)

for (const [name, schema] of Object.entries(SCHEMAS)) {
  test(`${name}: frames as they should be are taken`, () => {
    for (const frame of FRAMES[name]!) assert.is(outcome(schema, Buffer.from(JSON.stringify(frame))), null)
  })

  test(`${name}: any bytes give FRAME_INVALID and nothing else`, () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        (bytes) => outcome(schema, Buffer.from(bytes)) === 'FRAME_INVALID',
      ),
      RUNS,
    )
  })

  test(`${name}: any JSON is taken or gives FRAME_INVALID`, () => {
    const json = fc.oneof(fc.jsonValue({ maxDepth: 6 }), tagged)
    fc.assert(
      fc.property(json, (value) => {
        outcome(schema, Buffer.from(JSON.stringify(value)))
      }),
      RUNS,
    )
  })

  test(`${name}: a good frame with bytes changed is taken or gives FRAME_INVALID`, () => {
    const lines = FRAMES[name]!.map((frame) => Buffer.from(JSON.stringify(frame)))
    const change = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.array(change, { minLength: 1, maxLength: 6 }), (line, changes) => {
        const spoiled = Buffer.from(line)
        for (const [at, byte] of changes) spoiled[at % spoiled.length] = byte
        outcome(schema, spoiled)
      }),
      RUNS,
    )
  })

  test(`${name}: a good frame cut anywhere gives FRAME_INVALID`, () => {
    for (const frame of FRAMES[name]!) {
      const line = Buffer.from(JSON.stringify(frame))
      for (let end = 0; end < line.length; end++) assert.is(outcome(schema, line.subarray(0, end)), 'FRAME_INVALID')
    }
  })

  test(`${name}: deep, long and hostile lines`, () => {
    const hostile = [
      '['.repeat(200_000) + ']'.repeat(200_000),
      '{"is":'.repeat(50_000),
      `{"is":"${'x'.repeat(900_000)}"}`,
      '{"__proto__":{"do":"end","is":"armed"}}',
      '{"is":"fragment","run":1e999}',
      '{"do":{"toString":null}}',
      '\uFEFF{"do":"end"}',
      'NaN',
      '',
      '\0',
    ]
    for (const line of hostile) assert.is(outcome(schema, Buffer.from(line)), 'FRAME_INVALID', line.slice(0, 40))
  })
}

test('what is wrong is said, shortly and in our words', () => {
  try {
    parseFrame(ToRecorder, Buffer.from('{"do":"press","button":"self-destruct"}'))
    assert.unreachable()
  } catch (thrown) {
    assert.match((thrown as Error).message, /^button: .*"rec"\|"off"\|"stop"\|"mark"/)
  }
})

test.run()
