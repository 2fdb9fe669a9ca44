import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Size } from '../../hardware/virtual/pictures.ts'

export interface StartOptions {
  /** Seconds of an unattended hearing; null stays until Ctrl-C. */
  hearingSeconds: number | null
  store: string
  mirror: string
  size: Size
  /** Of the room's page; 0 takes a free one. */
  pagePort: number
}

/** Reads the command line; throws an Error with one sentence for a person. */
export const readStartOptions = (words: string[], home: string): StartOptions => {
  const { values } = parseArgs({
    args: words,
    options: {
      hearing: { type: 'string' },
      store: { type: 'string', default: `${home}/store-1` },
      mirror: { type: 'string', default: `${home}/store-2` },
      size: { type: 'string', default: '1280x720' },
      'page-port': { type: 'string', default: '0' },
    },
  })
  const store = resolve(values.store)
  const mirror = resolve(values.mirror)
  if (store === mirror) throw new Error('--store and --mirror need two different folders')
  return {
    hearingSeconds: readSeconds(values.hearing),
    store,
    mirror,
    size: readSize(values.size),
    pagePort: readPort(values['page-port']),
  }
}

const readSeconds = (text: string | undefined): number | null => {
  if (text === undefined) return null
  const seconds = Number(text)
  if (!(seconds >= 1 && seconds <= 86_400)) throw new Error(`--hearing wants seconds from 1 to 86400, not "${text}"`)
  return seconds
}

const readSize = (text: string): Size => {
  const [, width, height] = (/^(\d{3,4})x(\d{2,4})$/.exec(text) ?? []).map(Number)
  if (width === undefined || height === undefined || width % 2 || height % 2 || width < 160 || height < 90)
    throw new Error(`--size wants WIDTHxHEIGHT in even numbers from 160x90, not "${text}"`)
  return { width, height }
}

const readPort = (text: string): number => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--page-port wants a number from 0 to 65535, not "${text}"`)
  return port
}
