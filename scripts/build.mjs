// Bundles each program of controller/ into dist/, one file a program; native and CommonJS packages stay outside.
import { build } from 'esbuild'

const programs = ['recorder', 'capture', 'verbatim']
/** Run in threads of a program, which finds them beside itself. */
const threads = ['ports/evidence/hash-thread']

await build({
  entryPoints: [...programs, ...threads].map((name) => `controller/${name}.ts`),
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
