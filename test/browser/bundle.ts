import { build } from 'esbuild'

/** The page as one script for a browser. Fails when anything in it imports a part of Node. */
export const bundlePage = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: ['test/browser/page.ts'],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}
