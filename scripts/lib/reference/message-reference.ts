/** The messages of a socket as tables: one for each direction. */
import { type JsonSchema, typeText } from './json-schema.ts'
import { table } from './table.ts'

const optional = (message: JsonSchema, name: string): string =>
  message.required?.includes(name) ? '' : ', may be left out'

const fieldText = (message: JsonSchema, name: string, field: JsonSchema): string => {
  const about = field.description ? `: ${field.description}` : ''
  return `\`${name}\` ${typeText(field)}${optional(message, name)}${about}`
}

/** @param tag names the message: `is` or `do` */
export const messageReference = (schema: JsonSchema, tag: string): string =>
  table([
    [`\`${tag}\``, 'says', 'fields'],
    ...(schema.oneOf ?? []).map((message) => {
      const { [tag]: name, ...fields } = message.properties ?? {}
      const texts = Object.entries(fields).map(([field, of]) => fieldText(message, field, of))
      return [`\`${name?.const}\``, message.description ?? '', texts.join('; ')]
    }),
  ])

/** The fields of an object that messages carry. */
export const objectReference = (schema: JsonSchema): string =>
  table([
    ['field', 'type', 'what'],
    ...Object.entries(schema.properties ?? {}).map(([name, field]) => [
      `\`${name}\``,
      `${typeText(field)}${optional(schema, name)}`,
      field.description ?? '',
    ]),
  ])
