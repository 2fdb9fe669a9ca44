/** How a hub is configured, and what its console answers: HUB.md. */
import type { z } from 'zod'
import { API, Live } from '../../../../controller/wire/console.ts'
import { HubConfig } from '../../../../controller/wire/hub-config.ts'
import { configReference } from '../config-reference.ts'
import { type JsonSchema, typeText } from '../json-schema.ts'
import { messageReference } from '../message-reference.ts'
import { table } from '../table.ts'
import { schemaOf } from './schemas.ts'

const shape = (schema: z.ZodType | null): string => (schema ? typeText(schemaOf(schema)) : '')

const apiRow = ({ method, path, role, body, answer }: (typeof API)[keyof typeof API]): string[] => [
  ...[method, `\`${path}\``, role ?? 'anybody', shape(body), shape(answer)],
]

export const hubConfigSchema = (): JsonSchema => ({ title: 'Configuration of a Verbatim hub', ...schemaOf(HubConfig) })

export const hubDocument = (): string => `# Reference: the hub's configuration, and its console's addresses

Made from \`hub-config.ts\` and \`console.ts\` by \`npm run reference\`; do not edit.

## Configuration

One JSON file. [hub-config.example.json](hub-config.example.json) is a region,
[hub-config.schema.json](hub-config.schema.json) the same as JSON Schema. Unknown keys are refused.

${configReference(schemaOf(HubConfig), { broker: 'broker' })}

## Addresses of the console

JSON in, JSON out, over HTTPS. Each role may what the ones before it may: viewer, operator, administrator. POST
\`/api/login\` answers with a cookie that all else needs. What is no GET has the header \`verbatim-console\`, with any
value: no page from elsewhere can send it.

${table([['method', 'address', 'who', 'takes', 'answers'], ...Object.values(API).map(apiRow)])}

GET \`/api/live\` (viewer) is a stream of server-sent events, one JSON object each; what changed within half a second
comes at once:

${messageReference(schemaOf(Live), 'is')}
`
