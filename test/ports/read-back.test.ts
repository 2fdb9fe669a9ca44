import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decode } from '../../controller/ports/read-back/decode.ts'
import { readBack } from '../../controller/ports/read-back/read-back.ts'

const dir = mkdtempSync(join(tmpdir(), 'verbatim-read-back-'))
const test = suite('read back')
test.after(() => rmSync(dir, { recursive: true, force: true }))

const LIMIT_MS = 60_000

const made = (name: string, input: string, codec: string[]): string => {
  const file = join(dir, name)
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', input, '-t', '1', ...codec, file])
  return file
}

test('every fragment against its hash; what is gone, short or changed is named', async () => {
  const bytes = Buffer.from('one fragment and another')
  mkdirSync(join(dir, 'cam'))
  writeFileSync(join(dir, 'cam/1.mp4'), bytes)
  const piece = (offset: number, length: number) => ({
    ...{ file: 'cam/1.mp4', offset, bytes: length },
    sha256: createHash('sha256')
      .update(bytes.subarray(offset, offset + length))
      .digest('hex'),
  })
  assert.equal(await readBack(dir, [piece(0, 12), piece(12, 12)]), [])
  assert.equal(await readBack(dir, [{ ...piece(0, 12), sha256: '0' }, piece(12, 12)]), [
    'cam/1.mp4 bytes 0 to 12: not what was written',
  ])
  assert.match((await readBack(dir, [{ ...piece(0, 12), bytes: 400 }]))[0]!, 'not what was written')
  assert.match((await readBack(dir, [{ ...piece(0, 12), file: 'cam/2.mp4' }]))[0]!, /^cam\/2.mp4: ENOENT/)
  assert.equal(await readBack(dir, []), [])
})

test('how bright a picture is, and how loud a sound', async () => {
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast']
  const black = await decode(made('black.mp4', 'color=black:s=64x48:r=25', h264), 'video', LIMIT_MS)
  assert.equal([black.frames, black.brightest, black.peakDbfs, black.complaint], [25, 16, null, ''])
  const bars = await decode(made('bars.mp4', 'smptebars=s=64x48:r=25', h264), 'video', LIMIT_MS)
  assert.ok(bars.brightest! > 150, `${bars.brightest}`)
  const opus = ['-c:a', 'libopus']
  const silent = await decode(made('silent.mp4', 'anullsrc=r=48000:cl=mono', opus), 'audio', LIMIT_MS)
  assert.equal([silent.frames > 10, silent.peakDbfs], [true, Number.NEGATIVE_INFINITY])
  const tone = await decode(made('tone.mp4', 'sine=f=440:r=48000', opus), 'audio', LIMIT_MS)
  assert.ok(tone.peakDbfs! > -25 && tone.peakDbfs! < -10, `${tone.peakDbfs}`)
})

test('what is no recording says so', async () => {
  const file = join(dir, 'rubbish.mp4')
  writeFileSync(file, 'rubbish')
  const { frames, complaint } = await decode(file, 'video', LIMIT_MS)
  assert.equal([frames, complaint !== ''], [0, true])
  assert.is((await decode(join(dir, 'nowhere.mp4'), 'audio', LIMIT_MS)).frames, 0)
})

test.run()
