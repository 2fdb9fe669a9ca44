/** What of a wanted patch can be taken at once, and what has to wait. Pure. */
import { ConfigPatch, PATCH_FIELDS } from '../../wire/config-patch.ts'

export interface LivePart {
  /** What is in force once the harmless fields are as they are wanted, and all others as they are. */
  cfg: ConfigPatch
  /** Harmless fields that change. */
  live: string[]
  /** Fields that change and need a new start. */
  rest: string[]
}

type Json = Record<string, unknown>

const valueAt = (patch: ConfigPatch, field: string): unknown => {
  const [part, name] = field.split('.') as [string, string | undefined]
  const value = (patch as Json)[part]
  return name === undefined ? value : (value as Json | undefined)?.[name]
}

const built = (values: ReadonlyMap<string, unknown>): ConfigPatch => {
  const patch: Record<string, unknown> = {}
  for (const [field, value] of values) {
    const [part, name] = field.split('.') as [string, string | undefined]
    patch[part] = name === undefined ? value : { ...(patch[part] as Json | undefined), [name]: value }
  }
  return ConfigPatch.parse(patch)
}

/**
 * A field that is wanted no more becomes the local file's again.
 * @param inForce the patch that is in force
 */
export const livePartOf = (inForce: ConfigPatch, wanted: ConfigPatch): LivePart => {
  const values = new Map<string, unknown>()
  const [live, rest]: [string[], string[]] = [[], []]
  for (const [field, isLive] of PATCH_FIELDS) {
    const [was, shall] = [valueAt(inForce, field), valueAt(wanted, field)]
    if (JSON.stringify(was) !== JSON.stringify(shall)) (isLive ? live : rest).push(field)
    const value = isLive ? shall : was
    if (value !== undefined) values.set(field, value)
  }
  return { cfg: built(values), live, rest }
}
