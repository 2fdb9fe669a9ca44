// Makes one page of controller/pages for browsers: a folder with all that it needs, and nothing from elsewhere.
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { build } from 'esbuild'

/** What is served as it stands. */
const AS_IT_IS = ['index.html', 'icon.svg']

/**
 * @param {string} page its folder in controller/pages
 * @param {string} to replaced whole
 */
export const buildPage = async (page, to) => {
  const from = `controller/pages/${page}`
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true })
  await build({
    entryPoints: [`${from}/main.tsx`],
    outdir: to,
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  })
  for (const name of AS_IT_IS) await copyFile(`${from}/${name}`, `${to}/${name}`)
}
