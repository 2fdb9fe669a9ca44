// deadline: 90 s
/** Whoever gets at the sockets and talks nonsense does not disturb the recording, and is cut off. */
import { randomBytes } from 'node:crypto'
import { createConnection } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { recorderSocket } from '../../controller/cli/clerk-link.ts'
import { workerFiles } from '../../controller/wire/worker-order.ts'
import { assertClosed, assertUnbroken, assertWhole } from './stage/proof.ts'
import { CAMERAS, MICROPHONES } from './stage/sources.ts'
import { story } from './stage/story.ts'

const NONSENSE: Record<string, () => Buffer | string> = {
  'random bytes': () => randomBytes(100_000),
  'a line without an end': () => Buffer.alloc(3 << 20, 'a'),
  'half a line': () => '{"do":"pre',
  'no JSON': () => 'press rec\n',
  'empty lines': () => '\n\n\n\n',
  'JSON of something else': () => '{"do":"erase","everything":true}\n[]\nnull\n7\n"rec"\n',
  'a press with wrong words': () => '{"do":"press","button":"rec","by":7}\n{"do":"press","button":"eject"}\n',
  'orders with wrong words': () => '{"do":"close","atMs":"now","final":true}\n{"do":"open"}\n{"do":"join-store"}\n',
  'deep nesting': () => `${'['.repeat(50_000)}\n`,
  'a prototype': () => '{"__proto__":{"do":"end"},"constructor":{"do":"end"}}\n',
  'no UTF-8': () => Buffer.concat([Buffer.from('{"do":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}\n')]),
}

/** Says it and hangs up, or is hung up on. */
const babble = (path: string, words: Buffer | string): Promise<void> =>
  new Promise((resolve) => {
    const socket = createConnection(path)
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.setTimeout(2_000, () => socket.destroy())
    socket.resume()
    socket.end(words)
  })

story('nonsense on every socket during a hearing', {}, async (stage) => {
  await stage.ready()
  const workers = await stage.workerPids()
  const hearing = await stage.rec()
  await stage.recorded(1)
  const sockets = [
    recorderSocket(stage.runtimeDir),
    ...stage.sources.map((source) => workerFiles(stage.runtimeDir, source).socket),
  ]
  const silent = sockets.flatMap((path) => Array.from({ length: 20 }, () => createConnection(path)))
  for (const socket of silent) socket.on('error', () => {})
  for (const [name, words] of Object.entries(NONSENSE)) {
    await Promise.all(sockets.map((path) => babble(path, words())))
    assert.is((await stage.status())?.state, 'recording', name)
  }
  const seconds = Math.max(...(await stage.status())!.tracks.map((track) => track.seconds))
  await stage.recorded(seconds + 2)
  assert.equal(await stage.workerPids(), workers, 'no worker was lost')
  for (const socket of silent) socket.destroy()
  await stage.stop()
  await assertWhole(stage, hearing)
  assertUnbroken(assertClosed(stage, hearing), [...CAMERAS, ...MICROPHONES])
})

test.run()
