import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { en } from '../../../hardware/virtual/page/browser/words/en.ts'
import { LANGUAGES, languageOf } from '../../../hardware/virtual/page/browser/words/words.ts'

type Tree = { [key: string]: string | Tree }

const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`),
  )

const english = new Map(leaves(en))

for (const [language, words] of Object.entries(LANGUAGES))
  test(`${language} has every word and none left in English`, () => {
    const said = new Map(leaves(words as Tree))
    assert.equal([...said.keys()].sort(), [...english.keys()].sort())
    for (const [key, word] of said) assert.ok(word.trim(), key)
    if (language === 'en') return
    const same = [...said].filter(([key, word]) => word === english.get(key)).map(([key]) => key)
    assert.equal(same, [])
  })

test('the language is the first wished that there is, whatever the country', () => {
  assert.is(languageOf(['', 'de-DE', 'kk-KZ', 'ru']), 'kk')
  assert.is(languageOf(['RU-ru']), 'ru')
  assert.is(languageOf(['de']), 'en')
  assert.is(languageOf([]), 'en')
})

test.run()
