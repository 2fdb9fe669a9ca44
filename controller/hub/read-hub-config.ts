import { readFileSync } from 'node:fs'
import { messageOf, VerbatimError } from '../base/error.ts'
import { type HubConfig, parseHubConfig } from '../wire/hub-config.ts'

/** Throws CONFIG_UNREADABLE and CONFIG_INVALID. */
export const readHubConfig = (file: string): HubConfig => {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new VerbatimError('CONFIG_UNREADABLE', `${file}: ${messageOf(cause)}`, { cause })
  }
  return parseHubConfig(json)
}
