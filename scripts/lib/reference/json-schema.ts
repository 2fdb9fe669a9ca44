/** What a JSON Schema says, in the few words of a table. */

/** The part of JSON Schema that zod writes for our schemas. */
export interface JsonSchema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  [keyword: string]: unknown
}

const code = (value: unknown): string => `\`${typeof value === 'string' && value ? value : JSON.stringify(value)}\``

/** `1 to 300`, `at least 1`; empty when there is no bound a person would care for. */
const bounds = (least: number | undefined, most: number | undefined): string => {
  const low = least === undefined || least <= Number.MIN_SAFE_INTEGER ? undefined : least
  const high = most === undefined || most >= Number.MAX_SAFE_INTEGER ? undefined : most
  if (low !== undefined && high !== undefined) return `${low} to ${high}`
  if (low !== undefined) return `at least ${low}`
  return high === undefined ? '' : `at most ${high}`
}

const words = (...parts: string[]): string => parts.filter(Boolean).join(', ')

/** `text, at most 40`, `whole number, 1 to 64`, `one of \`tcp\`, \`udp\`` */
export const typeText = (schema: JsonSchema): string => {
  if ('const' in schema) return code(schema.const)
  if (schema.enum) return schema.enum.map(code).join(', ')
  const either = schema.oneOf ?? schema.anyOf
  if (either) return [...new Set(either.map(typeText))].join(' or ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeText({ ...schema, type })).join(' or ')
  switch (schema.type) {
    case 'string':
      return words('text', schema.maxLength ? `at most ${schema.maxLength}` : '')
    case 'integer':
      return words('whole number', bounds(schema.minimum, schema.maximum))
    case 'number':
      return words('number', bounds(schema.minimum, schema.maximum))
    case 'boolean':
      return 'true or false'
    case 'null':
      return 'null'
    case 'array':
      return words(
        `list of ${schema.items ? typeText(schema.items) : 'anything'}`,
        bounds(schema.minItems, schema.maxItems),
      )
    case 'object':
      return typeof schema.additionalProperties === 'object'
        ? `object, name to ${typeText(schema.additionalProperties)}`
        : `{ ${Object.keys(schema.properties ?? {}).join(', ')} }`
    default:
      return 'anything'
  }
}

/** Default as a table shows it: `(needed)` when there is none and the key may not be left out. */
export const defaultText = (parent: JsonSchema, name: string, schema: JsonSchema): string => {
  if ('const' in schema) return ''
  if ('default' in schema && JSON.stringify(schema.default) !== '{}') return code(schema.default)
  return parent.required?.includes(name) ? '(needed)' : ''
}
