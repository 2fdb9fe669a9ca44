// Bundles each program of controller/ into dist/, one file a program; native and CommonJS packages stay outside.
import { build } from 'esbuild'

const programs = ['recorder', 'capture', 'verbatim']

await build({
  entryPoints: programs.map((name) => `controller/${name}.ts`),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
})
