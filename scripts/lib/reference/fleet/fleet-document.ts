/** The fleet's messages for people: FLEET.md. */
import { PATCH_FIELDS } from '../../../../controller/wire/config-patch.ts'
import { HUB_ALARMS } from '../../../../controller/wire/console.ts'
import { FLEET_EVENTS } from '../../../../controller/wire/fleet/fleet-event.ts'
import { METRICS } from '../../../../controller/wire/fleet/metrics.ts'
import { ORDER_FAULTS, ORDERS } from '../../../../controller/wire/fleet/order.ts'
import {
  MAX_PACKET_BYTES,
  TOPIC_NAMES,
  TOPICS,
  type TopicName,
  TREE,
} from '../../../../controller/wire/fleet/topics.ts'
import { FromWitness } from '../../../../controller/wire/witness.ts'
import { messageReference, objectReference } from '../message-reference.ts'
import { table } from '../table.ts'
import { exampleMessages } from './examples.ts'
import { BESIDE_TOPICS, schemaOf } from './schemas.ts'

const KIB = 1 << 10

const topicRow = (name: TopicName): string[] => {
  const { path, qos, retain, maxBytes, what } = TOPICS[name]
  return [`\`${path}\``, `${qos}`, retain ? 'yes' : '', `${maxBytes / KIB} KiB`, `[${name}](#${name})`, what]
}

const pairs = (head: string[], rows: Record<string, string>): string =>
  table([head, ...Object.entries(rows).map(([name, what]) => [`\`${name}\``, what])])

const fieldsOf = (schema: ReturnType<typeof schemaOf>): string =>
  schema.oneOf ? messageReference(schema, 'is') : objectReference(schema)

const section = ({ name, topic, message }: ReturnType<typeof exampleMessages>[number]): string => {
  const { path, schema, what } = TOPICS[name]
  const fields = schema === FromWitness ? messageReference(schemaOf(schema), 'is') : objectReference(schemaOf(schema))
  return `### ${name}

\`${path}\`: ${what}. [Schema](schemas/${name}.schema.json)

${fields}

\`\`\`
${topic}
${JSON.stringify(message)}
\`\`\``
}

export const fleetDocument = (): string => `# The fleet over MQTT: topics, messages, events, numbers

Made from the tables and schemas in this folder by \`npm run reference\`; do not edit. The same for programs:
[asyncapi.json](asyncapi.json) (AsyncAPI 3) and [schemas](schemas) (JSON Schema, draft 7). How to look at all this with
the tools that you have is in [Fleet for IT](../../../hardware/fleet/README.md).

## Topics

Every topic begins with \`${TREE}/COURT/DEVICE/\`: so \`${TREE}/COURT/#\` is one court, and \`${TREE}/+/+/up/state\` is the
state of every room. Payloads are JSON in UTF-8; no packet is longer than ${MAX_PACKET_BYTES / KIB} KiB. Moments are
\`YYYY-MM-DDTHH:MM:SS.mmmZ\`, UTC. What is kept (retained) tells how things are now, to whoever comes later too; an empty
message takes it back. A device says only what is \`up\` of itself, and hears only what is \`down\` for itself. \`+\` is
one level that differs.

${table([['topic', 'QoS', 'kept', 'at most', 'message', 'what'], ...TOPIC_NAMES.map(topicRow)])}

QoS is what each is said at. A recorder listens at QoS 0: it is told again at each connection, and every four minutes
while it is there, what it should know, and an order until it has answered.

Within v1 fields are only added. Whoever reads ignores what it does not know; only what the operator signs
(configuration, orders, docket) is refused by a device that does not know all of it.

Nothing here starts, stops, pauses or erases a recording. No case and no name of a person is on MQTT, but for the docket,
which is encrypted to its device, and the name of a hearing, which has the case in it, in \`up/witness\`
and \`down/witness\`: signatures in the journal speak for it. No reader hears these three, whatever its filter. The broker
does, and whoever keeps its machine: let it be the court's. The two are not encrypted to the hub, for that costs it some 5 ms
of processor for each place (age, 1,500 bytes: 2.5 to open one, 2.8 to close its answer, on one of two shared cores).

## Presence

A device publishes \`up/status\` with \`ready\` when it connects; its will is the same with \`lost\`. \`bd\` counts its
connections: a \`lost\` with a lower \`bd\` than the one known is of an earlier connection, and says nothing. Whoever
judges for himself also counts the age of what came last: after three times \`heartbeatSeconds\` without anything a
device is lost, whatever the broker said.

## Events

An event is on the device's disk before it counts as raised, and is sent until the hub has acknowledged it in
\`down/event-ack\`, which it does once it has it on its own disk. So one may come twice: \`(device, seq)\` tells. \`prev\` is
the SHA-256 of the event before, as it was sent.

${pairs(['event', 'when'], FLEET_EVENTS)}

## Numbers

A number that is not known is left out; it is never 0 instead. Units are in the names.

${pairs(['name', 'what'], METRICS)}

## Configuration from afar

The whole list of what a \`desired\` may hold; what is not in it stays as the file of the machine says. A device takes
what is harmless at once, also while a hearing is open. The rest waits for the end of the hearing and comes with a new
start of the recorder, not of the machine. \`reported\` tells which: \`live\` was taken at once, \`waiting\` waits. Either is
looked at for a minute, and taken back when something is wrong that was not before.

${table([['field', 'when'], ...[...PATCH_FIELDS].map(([field, isLive]) => [`\`${field}\``, isLive ? 'at once' : 'after the hearing'])])}

## Orders

The whole list. They are signed by the operator's key, carried out once by their id, and refused after their time.

${pairs(['order', 'what'], ORDERS)}

The result says with its \`code\` what became of it, and with \`fault\` why it was refused or failed, where one of these fits:

${pairs(['fault', 'what'], ORDER_FAULTS)}

## Alarms that the hub raises

Of what no device can tell of itself. They are in the console, in \`/metrics\`, in webhooks and e-mail, not on MQTT. What
devices raise are the reasons of their health, with the same codes.

${table([['code', 'severity', 'area', 'what'], ...Object.entries(HUB_ALARMS).map(([code, { severity, area, text }]) => [`\`${code}\``, severity, area, text])])}

## Messages

Keys, hashes, certificates and signatures in the examples are made up.

${exampleMessages().map(section).join('\n\n')}

## Beside MQTT

${Object.entries(BESIDE_TOPICS)
  .map(
    ([name, { schema, what }]) =>
      `### ${name}\n\n${what[0]!.toUpperCase()}${what.slice(1)}. [Schema](schemas/${name}.schema.json)\n\n${fieldsOf(schemaOf(schema))}`,
  )
  .join('\n\n')}
`
