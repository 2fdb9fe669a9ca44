import type { Socket } from 'node:net'
import { generate, parser } from 'mqtt-packet'

/** Answers a hub as a broker does that knows MQTT 3.1.1 alone, and tells when it has subscribed. */
export const speakOldMqtt = (socket: Socket, subscribed: () => void): void => {
  const packets = parser()
  packets.on('packet', (packet) => {
    if (packet.cmd === 'connect' && packet.protocolVersion === 5) socket.end(Buffer.from([0x20, 2, 0, 1]))
    else if (packet.cmd === 'connect') socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }))
    if (packet.cmd !== 'subscribe') return
    socket.write(generate({ cmd: 'suback', messageId: packet.messageId!, granted: [1] }))
    subscribed()
  })
  packets.on('error', () => socket.destroy())
  socket.on('error', () => {})
  socket.on('data', (bytes) => packets.parse(bytes))
}
