import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { About } from '../../../controller/journal/verify/about.ts'
import { FINDINGS, type Finding, type FindingCode } from '../../../controller/journal/verify/finding.ts'
import type { Verification } from '../../../controller/journal/verify/verify.ts'
import { LANGUAGES } from '../../../controller/journal/verify/words/languages.ts'
import { reportLines } from '../../../controller/journal/verify/words/report.ts'
import { sentenceOf } from '../../../controller/journal/verify/words/sentence.ts'

/** Everything that any sentence asks for. A field that is asked for and not here would show as a hole. */
const about = {
  ...{ fault: 'chain', detail: 'detail', bytes: 7, shorter: 'this', here: 1, there: 2, run: 1, fromSeq: 1, toSeq: 2 },
  ...{ code: 'EIO', stores: ['main'], seals: 'seal-1', why: 'open', reason: 'Power failed.', entries: 9 },
  ...{ stoppedUtc: '2026-11-23T09:00:01.000Z', resumedUtc: '2026-11-23T09:00:31.000Z', kind: 'mark', seconds: 21 },
  ...{
    upto: 4,
    device: 'room-3',
    issuer: 'Court hub',
    from: 'room-3',
    to: 'room-4',
    last: 8,
    witness: 'ab'.repeat(32),
  },
  ...{ atUtc: '2026-11-23T09:00:01.000Z', limitUtc: '2026-11-01T00:00:00.000Z', by: 'witness', stepMs: 3_600_000 },
  ...{ receivedUtc: '2026-11-23T09:00:01.000Z', authority: 'TSA', seal: 'seal-1', state: 'whole', tracks: [] },
}
const place = {
  ...{ track: 'judge', file: 'judge/0001.mp4', offset: 300, bytes: 314, line: 12, fromMs: 480, toMs: 960 },
  ...{ fromUtc: '2026-11-23T09:00:00.480Z', toUtc: '2026-11-23T09:00:00.960Z', onMirror: true },
}
const codes = Object.keys(FINDINGS) as FindingCode[]
const findingOf = (code: FindingCode): Finding =>
  ({ code, severity: FINDINGS[code], ...place, about }) as unknown as Finding

const ALPHABET = { en: /[A-Za-z]/, ru: /[А-Яа-яЁё]/, kk: /[ӘәҒғҚқҢңӨөҰұҮүІі]/ }

for (const [language, words] of Object.entries(LANGUAGES)) {
  test(`${language}: every finding is a sentence without a hole, with its place`, () => {
    for (const code of codes) {
      const sentence = sentenceOf(findingOf(code), () => 'Judge Akhmetova', words)
      assert.not.match(sentence, /undefined|null|NaN|\[object|\{|\}/, `${code}: ${sentence}`)
      assert.match(sentence, ALPHABET[language as keyof typeof ALPHABET])
      for (const part of ['Judge Akhmetova', 'judge/0001.mp4', '09:00:00', '0:00:00.5', '300', '614', '12'])
        assert.ok(sentence.includes(part), `${code} lacks ${part}: ${sentence}`)
    }
  })

  test(`${language}: a file is called by its very name`, () => {
    const { track: _, ...noTrack } = findingOf('self-signed')
    const sentence = sentenceOf({ ...noTrack, file: 'journal.ndjson' } as Finding, () => '', words)
    assert.ok(sentence.startsWith('journal.ndjson, '), sentence)
  })

  test(`${language}: no two findings say the same`, () => {
    const sentences = codes.map((code) => (words.findings[code] as (of: unknown) => string)(about))
    assert.is(new Set(sentences).size, codes.length)
  })

  test(`${language}: no sentence is left in another alphabet`, () => {
    for (const code of codes) {
      const said = (words.findings[code] as (of: unknown) => string)({
        ...about,
        reason: '',
        detail: '',
        seals: '',
        fault: '',
      } as About[typeof code])
      if (language !== 'en') assert.match(said, /[а-яё]{4}/i, code)
      else assert.not.match(said, /[а-яё]/i, code)
    }
  })

  test(`${language}: a report of a hearing that nothing is known of`, () => {
    const empty: Verification = {
      ...{ verdict: 'unknown', hearing: '', court: '', room: '', case: '', openedUtc: '', closedUtc: null },
      ...{
        state: 'unknown',
        mediaSeconds: 0,
        tracks: [],
        journal: { entries: 0, head: '' },
        device: null,
        signed: null,
      },
      ...{ witnessed: null, stamped: null, findings: codes.map(findingOf), moreFindings: 3 },
    }
    const lines = reportLines(empty, words)
    assert.is(lines.length, codes.length + 3)
    assert.is(lines.at(-1), words.verdict.unknown)
    assert.not.match(lines.join('\n'), /undefined|NaN/)
  })
}

test('numbers have their Russian form', () => {
  const say = (seconds: number) => LANGUAGES.ru.findings['unsigned-end']({ seconds })
  assert.match(say(1), 'последняя 1 секунда не подписана:')
  assert.match(say(3), 'последние 3 секунды не подписаны:')
  assert.match(say(11), 'последние 11 секунд не подписаны:')
  assert.match(say(22), 'последние 22 секунды')
})

test.run()
