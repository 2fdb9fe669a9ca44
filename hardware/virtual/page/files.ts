/** The page's own files: what a browser gets, made once at the start. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface PageFile {
  type: string
  text: string
}

const place = (name: string): string => fileURLToPath(new URL(`browser/${name}`, import.meta.url))

/** The scripts as one. Fails when anything in them imports a part of Node. */
const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [place('main.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** The style as one, with what it shares with other pages. */
const style = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [place('room.css')],
    bundle: true,
    write: false,
    target: 'es2022',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** By their path on the server. */
export const pageFiles = async (): Promise<Readonly<Record<string, PageFile>>> => ({
  '/': { type: 'text/html; charset=utf-8', text: await readFile(place('index.html'), 'utf8') },
  '/icon.svg': { type: 'image/svg+xml', text: await readFile(place('icon.svg'), 'utf8') },
  '/room.css': { type: 'text/css; charset=utf-8', text: await style() },
  '/room.js': { type: 'text/javascript; charset=utf-8', text: await bundle() },
})
