/**
 * The lengths of MQTT packets as bytes, made all at once. mqtt-packet keeps each that it ever wrote, below 16 KiB, in a
 * buffer of its own; made one by one over the years each of them pins the 8 KiB that it was cut from, 128 MiB in the end.
 */
import { Writable } from 'node:stream'
import mqttPacket from 'mqtt-packet'

/** From here on mqtt-packet keeps none. */
const MOST = 16_384
/** QoS 0: the length of the topic, and the topic. */
const TOPIC = 'x'
const AROUND = 2 + TOPIC.length

let areMade = false

/** Takes a tenth of a second and 1 MiB the first time, nothing later. */
export const makePacketLengths = (): void => {
  if (areMade) return
  areMade = true
  const nobody = new Writable({ write: (_bytes, _encoding, done) => done() })
  const bytes = Buffer.alloc(MOST)
  for (let length = 0; length < MOST - AROUND; length++) {
    const payload = bytes.subarray(0, length)
    mqttPacket.writeToStream({ cmd: 'publish', topic: TOPIC, payload, qos: 0, dup: false, retain: false }, nobody)
  }
}
