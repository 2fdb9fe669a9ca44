/** A configuration as tables: one for the whole, one for each kind of what there are several kinds of. */
import { defaultText, type JsonSchema, typeText } from './json-schema.ts'
import { table } from './table.ts'

const HEAD = ['key', 'type', 'default', 'what']

/** A row for each key, those of inner objects and lists after it: `stores[].name`. */
const rowsOf = (schema: JsonSchema, before = ''): string[][] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${before}${name}`
    const row = [`\`${path}\``, shortType(property), defaultText(schema, name, property), property.description ?? '']
    if (property.properties) return [row, ...rowsOf(property, `${path}.`)]
    if (property.items?.properties) return [row, ...rowsOf(property.items, `${path}[].`)]
    return [row]
  })

/** What an object or list holds has rows or tables of its own. */
const shortType = (schema: JsonSchema): string => {
  if (schema.properties || schema.oneOf?.every(({ properties }) => properties)) return 'object'
  const { items } = schema
  if (!items?.properties && !items?.oneOf) return typeText(schema)
  return typeText(schema).replace(typeText(items), 'objects')
}

const kindsIn = (schema: JsonSchema): JsonSchema[] => schema.oneOf?.flatMap(kindsIn) ?? [schema]

const titleOf = ({ properties = {} }: JsonSchema): string =>
  ['kind', 'media']
    .map((key) => properties[key]?.const)
    .filter((value) => value !== undefined)
    .join(', ')

const kindTables = (what: string, schema: JsonSchema = {}): string[] =>
  kindsIn(schema).map((kind) => `### ${what}: ${titleOf(kind)}\n\n${table([HEAD, ...rowsOf(kind)])}`)

/** @param kinds the keys whose values are of several kinds, by what one of them is called: `{ source: 'sources' }` */
export const configReference = (schema: JsonSchema, kinds: Record<string, string>): string =>
  [
    table([HEAD, ...rowsOf(schema)]),
    ...Object.entries(kinds).flatMap(([what, key]) => {
      const of = schema.properties?.[key]
      return kindTables(`${/^[aeiou]/.test(what) ? 'An' : 'A'} ${what}`, of?.items ?? of)
    }),
  ].join('\n\n')
