import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Arrivals } from '../../../controller/ports/broker/arrivals.ts'
import { until } from '../../stories/stage/until.ts'

const test = suite('connections that come at once')

const come = async (count: number, letIn: (socket: Socket) => boolean, between: (arrivals: Arrivals) => void) => {
  const arrivals = new Arrivals(letIn)
  let come = 0
  const server = createServer((socket) => {
    come++
    arrivals.come(socket)
    if (come === count) between(arrivals)
  }).listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const guests = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await until('all have come', 30, () => come === count)
  return {
    guests,
    end: async () => {
      arrivals.stop()
      for (const guest of guests) guest.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

test('all are let in, a few at a time', async () => {
  let [letIn, atOnce, most] = [0, 0, 0]
  const { guests, end } = await come(
    100,
    () => {
      letIn++
      most = Math.max(most, ++atOnce)
      setImmediate(() => {
        atOnce = 0
      })
      return true
    },
    () => {},
  )
  await until('all are in', 30, () => letIn === guests.length)
  assert.ok(most < 20, `${most} in one turn`)
  await end()
})

test('who is not let in takes no place', async () => {
  let sent = 0
  const { guests, end } = await come(
    2_000,
    (socket) => {
      sent++
      socket.destroy()
      return false
    },
    () => {},
  )
  await until('all were sent away', 30, () => sent === guests.length)
  await end()
})

test('who is let in and says nothing keeps nobody out', async () => {
  let silent = 0
  const { guests, end } = await come(
    300,
    () => ++silent > 0,
    () => {},
  )
  await until('all are in', 30, () => silent === guests.length)
  await end()
})

test('at its end whoever waits is sent away', async () => {
  const { guests, end } = await come(
    100,
    () => true,
    (arrivals) => arrivals.stop(),
  )
  await until('some were sent away', 30, () => guests.some((guest) => guest.destroyed || guest.readableEnded))
  await end()
})

test.run()
