/** Every alarm there can be has its words in all three languages, and they are of the same alarms. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HUB_ALARM_TABLE } from '../../../controller/core/roster/hub-alarm-table.ts'
import { TROUBLES } from '../../../controller/core/trouble-table.ts'
import { alarmWords } from '../../../controller/pages/fleet/alarm-words.ts'
import { LANGUAGES, type Language } from '../../../controller/pages/fleet/words/words.ts'
import { HUB_ALARMS, HUB_FAULTS } from '../../../controller/wire/console.ts'
import type { Alarm } from '../../../controller/wire/fleet/alarm.ts'

const AT = '2026-11-28T09:00:00.000Z'
const OTHERS = ['ru', 'kk'] as const

const rowOf = (code: string, hub: boolean, text: string, toDo: string) => ({
  hub,
  alarm: {
    ...{ code, about: '', severity: 'failed', area: 'disk', recording: false, since: AT, seq: 1 },
    ...{ text, detail: '', toDo },
  } satisfies Alarm,
})

/** Letters of its own, and none of a sentence that was forgotten. */
const isIn = (text: string): boolean => /\p{Script=Cyrillic}{2}/u.test(text) && !/\b(the|is|and|of)\b/i.test(text)

test("every alarm of a recorder is named, with what to do, in the reader's language; English is as it was sent", () => {
  for (const [code, { toDo }] of Object.entries(TROUBLES)) {
    const row = rowOf(code, false, 'As measured: 7', toDo)
    assert.equal(alarmWords(row, 'en'), { text: 'As measured: 7', toDo })
    for (const language of OTHERS)
      for (const text of Object.values(alarmWords(row, language))) assert.ok(isIn(text), `${code} ${language}: ${text}`)
  }
  for (const { troubles } of Object.values(LANGUAGES))
    assert.equal(Object.keys(troubles).toSorted(), Object.keys(TROUBLES).toSorted())
})

test('every alarm of the hub too; its English is what mail and webhooks say', () => {
  for (const [code, { text }] of Object.entries(HUB_ALARMS)) {
    const { toDo } = HUB_ALARM_TABLE[code as keyof typeof HUB_ALARMS]
    const row = rowOf(code, true, '', '')
    assert.equal(alarmWords(row, 'en'), { text, toDo })
    for (const language of OTHERS)
      for (const said of Object.values(alarmWords(row, language))) assert.ok(isIn(said), `${code} ${language}: ${said}`)
  }
})

test('every fault of the hub itself too', () => {
  for (const code of HUB_FAULTS)
    for (const language of OTHERS)
      for (const words of [LANGUAGES[language].hub.faults, LANGUAGES[language].hub.toDo])
        assert.ok(isIn(words[code]), `${code} ${language}`)
})

test('a code that the page does not know, even one that looks like a part of the language, is shown as it was sent', () => {
  for (const code of ['OF_NEXT_YEAR', 'constructor', '__proto__'])
    for (const hub of [true, false])
      for (const language of Object.keys(LANGUAGES) as Language[])
        assert.equal(alarmWords(rowOf(code, hub, 'Sent', 'Do it'), language), { text: 'Sent', toDo: 'Do it' })
})

test.run()
