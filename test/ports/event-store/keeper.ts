/** A program that keeps events without end, and says of each when it is durable: for being killed. */
import { EventStore } from '../../../controller/ports/event-store/event-store.ts'
import { eventOf } from './events.ts'

const [folder = '', device = ''] = process.argv.slice(2)
const store = await EventStore.open({
  folder,
  onKept: (_, { holdings }) => {
    for (const { upto } of holdings) process.stdout.write(`${upto}\n`)
  },
  onFault: (why) => process.stderr.write(`${why}\n`),
})
await store.write({ name: 'addDevice', values: [device, 'almaty', 'Room 1'] })
let seq = (await store.holdings([device]))[0]!.upto
setInterval(() => {
  for (let i = 0; i < 20; i++) store.keep(eventOf(device, ++seq))
}, 5)
