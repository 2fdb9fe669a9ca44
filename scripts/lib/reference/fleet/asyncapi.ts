/** The fleet as an AsyncAPI 3 document, as the appliance sees it: it sends what is `up`, and receives what is `down`. */
import { isUp, TOPIC_NAMES, TOPICS, type TopicName, TREE } from '../../../../controller/wire/fleet/topics.ts'
import { EXAMPLES } from './examples.ts'
import { schemaOf } from './schemas.ts'

const LAST: Partial<Record<TopicName, { name: string; what: string }>> = {
  alarm: { name: 'alarm', what: 'id of the alarm: `CODE` or `CODE-about`' },
  result: { name: 'order', what: 'id of the order' },
}

const channel = (name: TopicName) => {
  const { path, what } = TOPICS[name]
  const last = LAST[name]
  return {
    address: `${TREE}/{court}/{device}/${last ? path.replace('+', `{${last.name}}`) : path}`,
    title: what,
    parameters: {
      court: { description: 'id of the court: lower-case letters, digits and single hyphens' },
      device: { description: 'id of the device: `vb-` and sixteen letters or digits of base32' },
      ...(last && { [last.name]: { description: last.what } }),
    },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  }
}

const operation = (name: TopicName) => ({
  action: isUp(name) ? 'send' : 'receive',
  channel: { $ref: `#/channels/${name}` },
  messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
  bindings: { mqtt: { qos: TOPICS[name].qos, retain: TOPICS[name].retain, bindingVersion: '0.2.0' } },
})

const message = (name: TopicName) => ({
  name,
  title: TOPICS[name].what,
  summary: `At most ${TOPICS[name].maxBytes} bytes of JSON, UTF-8.`,
  contentType: 'application/json',
  payload: { $ref: `#/components/schemas/${name}` },
  examples: [{ name: 'example', payload: EXAMPLES[name] }],
})

const each = <T>(make: (name: TopicName) => T): Record<string, T> =>
  Object.fromEntries(TOPIC_NAMES.map((name) => [name, make(name)]))

export const asyncApi = () => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Verbatim fleet',
    version: '1.0.0',
    description:
      'What a courtroom recorder and the hub of its region say to each other over MQTT 3.1.1 or 5. Retained messages ' +
      'tell the state of now; what happened is in the events. Within v1 fields are only added: ignore what you do not know.',
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: 'application/json',
  servers: {
    hub: {
      host: 'hub.court.example:8883',
      protocol: 'secure-mqtt',
      protocolVersion: '3.1.1',
      description: 'The broker of the region, in the hub or outside. MQTT over TLS, client certificate needed.',
      security: [{ $ref: '#/components/securitySchemes/certificate' }],
    },
  },
  channels: each(channel),
  operations: each(operation),
  components: {
    messages: each(message),
    schemas: each((name) => schemaOf(TOPICS[name].schema)),
    securitySchemes: {
      certificate: { type: 'X509', description: 'Issued by the hub; its common name is the client id.' },
    },
  },
})
