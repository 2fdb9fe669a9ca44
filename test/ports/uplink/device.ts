/** A device as tests want it, and a hub that looks at what it says. */
import { connectAsync, type MqttClient } from 'mqtt'
import { MemoryShelf } from '../../../controller/ports/outbox/memory-shelf.ts'
import { Outbox } from '../../../controller/ports/outbox/outbox.ts'
import { Uplink, type UplinkOptions } from '../../../controller/ports/uplink/uplink.ts'
import { ForgetfulMemory } from '../../../controller/ports/uplink/uplink-memory.ts'
import type { Alarm } from '../../../controller/wire/fleet/alarm.ts'
import { parseTopic, topicOf } from '../../../controller/wire/fleet/topics.ts'

export const COURT = 'almaty'
export const DEVICE = 'vb-aaaaaaaaaaaaaaaa'
export const AT = '2026-11-28T00:00:00.000Z'

export const alarm = (code: string): Alarm => ({
  ...{ code, about: '', severity: 'degraded', area: 'disk', recording: false, since: AT, seq: 1 },
  ...{ text: 'wrong', detail: 'wrong', toDo: 'mend it' },
})

export interface Told {
  code: string
  text: string
}

export const makeDevice = (options: Partial<UplinkOptions> & { url: string }) => {
  const told: Told[] = []
  const heard: { what: string; text: string }[] = []
  const outbox = new Outbox({
    shelf: new MemoryShelf(),
    raiser: { court: COURT, device: DEVICE, boot: 'boot' },
    complain: () => {},
  })
  const uplink = new Uplink({
    ...{ court: COURT, device: DEVICE, boot: 'boot', events: outbox, memory: new ForgetfulMemory() },
    heard: (what, payload) => heard.push({ what, text: payload.toString('utf8') }),
    complain: (code, text) => told.push({ code, text }),
    retry: { firstMs: 50, longestMs: 300 },
    ...options,
  })
  return { uplink, outbox, told, heard }
}

/** Every message of the device as the broker tells it, by the last levels of its topic. */
export const watch = async (url: string) => {
  const client: MqttClient = await connectAsync(url, { clientId: 'hub', protocolVersion: 4 })
  const messages: { path: string; text: string; retain: boolean }[] = []
  client.on('message', (topic, payload, { retain }) => {
    const parsed = parseTopic(topic)
    if (parsed) messages.push({ path: topic.split('/').slice(4).join('/'), text: payload.toString('utf8'), retain })
  })
  await client.subscribeAsync('verbatim/v1/#', { qos: 1 })
  return {
    client,
    messages,
    last: (path: string) => messages.findLast((one) => one.path === path)?.text,
    events: () =>
      messages.filter(({ path }) => path === 'up/event').map(({ text }) => JSON.parse(text) as { seq: number }),
    ack: (upto: number) =>
      client.publishAsync(topicOf(COURT, DEVICE, 'ack'), JSON.stringify({ upto, ahead: [] }), { qos: 1, retain: true }),
    publish: (topic: string, text: string, retain = true) => client.publishAsync(topic, text, { qos: 1, retain }),
    end: () => client.endAsync(true),
  }
}
