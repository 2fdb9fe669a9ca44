// Bundles each program of controller/ into dist/, one file a program; native and CommonJS packages stay outside. Pages go
// into folders of their own, dist/pages/PAGE.
import { build } from 'esbuild'
import { buildPage } from './lib/build-page.mjs'

const programs = ['recorder', 'capture', 'smart', 'verbatim', 'fleet']
/** What a program runs in a thread or process of its own, and finds beside itself. */
const parts = ['ports/evidence/hash-thread', 'ports/copy/lock-process', 'ports/event-store/store-thread']

await build({
  entryPoints: [...programs, ...parts].map((name) => `controller/${name}.ts`),
  entryNames: '[name]',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
})

for (const page of ['fleet']) await buildPage(page, `dist/pages/${page}`)
