import type { Authority, TlsFiles } from '../ports/authority/authority.ts'
import type { HubConfig } from '../wire/hub-config.ts'
import { secretIn } from './notice-targets.ts'

export type Outside = Extract<HubConfig['broker'], { kind: 'outside' }>

export const isPlain = (urls: readonly string[]): boolean => urls.every((url) => url.startsWith('mqtt:'))

/** What the hub connects with, as it is then: whoever renews files of their own puts others in their place. */
export const outsideFiles = async (wanted: Outside, authority: Authority): Promise<TlsFiles> => {
  const own = await authority.hubFiles()
  return {
    ...(wanted.cert && wanted.key ? { cert: secretIn(wanted.cert), key: secretIn(wanted.key) } : own),
    ca: wanted.ca ? secretIn(wanted.ca) : own.ca,
  }
}
