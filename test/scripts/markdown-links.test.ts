/** Every link in every page of the repository leads to a file that is there, and to a heading that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.verbatim', '.build'])

const pagesIn = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : pagesIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })

/** Without what is code: nobody follows a link there. */
const proseOf = (text: string): string => text.replaceAll(/^ *```.*?^ *```/gms, '').replaceAll(/`[^`\n]*`/g, '')

/** `[text](target)` and `![text](target)`, but for what lies elsewhere. */
const linksIn = (text: string): string[] =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/i.test(target))

/** As GitHub names them. */
const anchorsIn = (text: string): Set<string> =>
  new Set(
    [...text.replaceAll(/^ *```.*?^ *```/gms, '').matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
      heading!
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )

/** Why a link of a page leads nowhere; null when it leads somewhere. */
const faultOf = (page: string, link: string): string | null => {
  const [file = '', anchor] = link.split('#')
  const path = file ? normalize(join(dirname(page), decodeURI(file))) : page
  if (!existsSync(path)) return `${page}: ${link} is no file`
  if (!anchor || !path.endsWith('.md')) return null
  return anchorsIn(readFileSync(path, 'utf8')).has(anchor) ? null : `${page}: ${link} is no heading`
}

test('every link leads to a file and a heading that are there', () => {
  const pages = pagesIn('.')
  const links = pages.flatMap((page) => linksIn(readFileSync(page, 'utf8')).map((link) => ({ page, link })))
  assert.ok(pages.length > 20 && links.length > 100, `${links.length} links in ${pages.length} pages`)
  assert.equal(
    links.flatMap(({ page, link }) => faultOf(page, link) ?? []),
    [],
  )
})

test('a link to nothing is found, and to no heading; code is no link', () => {
  assert.equal(linksIn('[a](b.md) `[c](d)` ![e](f.png) [g](https://h)\n```\n[i](j)\n```\n'), ['b.md', 'f.png'])
  assert.is(faultOf('README.md', 'nothing.md'), 'README.md: nothing.md is no file')
  assert.is(faultOf('README.md', '#no-such-heading'), 'README.md: #no-such-heading is no heading')
  assert.is(faultOf('README.md', 'controller/README.md#glossary'), null)
})

test.run()
