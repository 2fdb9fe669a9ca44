/** The local configuration with what the hub wants on top. Only what a patch may touch is touched. */
import { VerbatimError } from '../../base/error.ts'
import { type Config, parseConfig } from '../../wire/config.ts'
import type { ConfigPatch } from '../../wire/config-patch.ts'

type Json = Record<string, unknown>

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

const labelled = (one: unknown, labels: Record<string, string>, used: Set<string>): unknown => {
  const part = objectOf(one)
  const label = typeof part.name === 'string' ? labels[part.name] : undefined
  if (typeof part.name === 'string' && label !== undefined) used.add(part.name)
  const tracks = Array.isArray(part.tracks) ? { tracks: part.tracks.map((track) => labelled(track, labels, used)) } : {}
  return { ...part, ...tracks, ...(label === undefined ? {} : { label }) }
}

/**
 * The whole of it, as JSON and parsed. Throws CONFIG_INVALID when the whole would break the schema.
 * @param local the local file, as JSON
 */
export const patchedConfig = (
  local: unknown,
  { labels = {}, ...patch }: ConfigPatch,
): { json: Json; config: Config } => {
  const file = objectOf(local)
  const used = new Set<string>()
  const merged = Object.entries(patch).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'object' && value !== null ? { ...objectOf(file[key]), ...value } : value,
  ])
  const sources = Array.isArray(file.sources)
    ? file.sources.map((source) => labelled(source, labels, used))
    : file.sources
  const unknown = Object.keys(labels).find((name) => !used.has(name))
  if (unknown !== undefined)
    throw new VerbatimError('CONFIG_INVALID', `labels: there is no source or track "${unknown}"`)
  const json = { ...file, ...Object.fromEntries(merged), sources }
  return { json, config: parseConfig(json) }
}
