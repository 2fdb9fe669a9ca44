/** Every file that is made from the fleet's tables and schemas. */
import { jsonText } from '../json-text.ts'
import { asyncApi } from './asyncapi.ts'
import { fleetDocument } from './fleet-document.ts'
import { hubConfigSchema, hubDocument } from './hub-document.ts'
import { namedSchemas } from './schemas.ts'

const WIRE = 'controller/wire'
const DRAFT = 'http://json-schema.org/draft-07/schema#'

const json = (path: string, value: unknown) => ({ path, text: `${jsonText(value)}\n` })

export const fleetFiles = (): { path: string; text: string }[] => [
  json(`${WIRE}/fleet/asyncapi.json`, asyncApi()),
  ...namedSchemas().map(({ name, title, schema }) =>
    json(`${WIRE}/fleet/schemas/${name}.schema.json`, { $schema: DRAFT, title, ...schema }),
  ),
  { path: `${WIRE}/fleet/FLEET.md`, text: fleetDocument() },
  json(`${WIRE}/hub-config.schema.json`, { $schema: DRAFT, ...hubConfigSchema() }),
  { path: `${WIRE}/HUB.md`, text: hubDocument() },
]
