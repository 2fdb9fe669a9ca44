import { build } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

test('the verifier and its certificates bundle for a browser, with nothing of Node in them', async () => {
  const { metafile, errors } = await build({
    stdin: {
      contents: `export * from './controller/journal/verify/verify.ts'
        export * from './controller/journal/verify/words/report.ts'
        export * from './controller/ports/proof/web-proof.ts'`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    metafile: true,
    logLevel: 'silent',
  })
  assert.equal(errors, [])
  const outside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external))
  assert.equal(outside, [])
})

test.run()
