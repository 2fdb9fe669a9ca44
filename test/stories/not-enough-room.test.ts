// deadline: 60 s
/** R13: a hearing that will not fit is refused in words, and the hours left are always shown. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { story } from './stage/story.ts'

story('REC is refused when the hearing will not fit', { disks: [64, 64] }, async (stage) => {
  await stage.ready({ hearing: { expectedHours: 4 } })
  const answer = await stage.press('rec', { case: '2-1' })
  assert.is(answer.is, 'refused')
  if (answer.is !== 'refused') return
  assert.is(answer.code, 'NO_SPACE')
  assert.match(answer.text, /hold only \d+\.\d more hours; a hearing needs 4/)
  const status = await stage.status()
  assert.is(status?.state, 'idle')
  for (const { hoursLeft } of status!.stores) assert.ok(hoursLeft !== null && hoursLeft < 4)
  console.log(`      ${answer.text} [${answer.engineer}]`)
})

test.run()
