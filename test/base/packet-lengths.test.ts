import mqttPacket from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makePacketLengths } from '../../controller/base/packet-lengths.ts'

/** Lengths of all sizes below 16 KiB, as a broker comes to write them over the years. */
const writeAll = (): void => {
  for (let length = 0; length + 6 < 16_384; length += 7)
    mqttPacket.generate({
      ...{ cmd: 'publish', topic: 'room', payload: Buffer.alloc(length), qos: 0, dup: false, retain: false },
    })
}

test('what was made at once is not made again', () => {
  makePacketLengths()
  const allocate = Buffer.allocUnsafe
  let small = 0
  Buffer.allocUnsafe = (bytes) => {
    if (bytes <= 4) small++
    return allocate(bytes)
  }
  try {
    makePacketLengths()
    writeAll()
    assert.is(small, 0)
  } finally {
    Buffer.allocUnsafe = allocate
  }
})

test.run()
