/** Thousands of light clients in a process of their own. */
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../../../controller/base/error.ts'
import type { Memberships } from '../../../fleet/enrol-in-bulk.ts'
import type { ClientsOrder, FromClients, Member, ToClients } from './bare-words.ts'
import { LightClient } from './light-client.ts'

/** So long the last messages have for their acknowledgement. */
const LAST_MS = 10_000

const say = (message: FromClients): void => {
  if (process.connected) process.send?.(message)
}

let order: ClientsOrder
let memberships: Memberships = {}
const clients: LightClient[] = []
const latenciesMs: number[] = []
const timers = new Set<NodeJS.Timeout>()

const enter = (who: Member, number: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const where = {
      port: order.ports[number % order.ports.length]!,
      tls: order.memberships ? (memberships[who.device]?.credentials ?? null) : null,
    }
    const client = new LightClient(
      who,
      where,
      (fault) => (fault ? reject(fault) : resolve()),
      (latencyMs) => latenciesMs.push(latencyMs),
    )
    clients.push(client)
  })

/** So many are on their way at once; when one is in, the next begins. */
const connect = async (): Promise<void> => {
  let next = 0
  const turn = async (): Promise<void> => {
    while (next < order.clients.length) {
      const number = next++
      await enter(order.clients[number]!, number)
    }
  }
  await Promise.all(Array.from({ length: order.opening }, turn))
  say({ is: 'in' })
}

/** The first messages of all are spread evenly over the time from one message to the next. */
const talk = (): void => {
  for (const [number, client] of clients.entries()) {
    const first = setTimeout(
      () => {
        timers.delete(first)
        client.say()
        timers.add(setInterval(() => client.say(), order.everyMs))
      },
      (order.everyMs * number) / clients.length,
    )
    timers.add(first)
  }
}

const rest = async (): Promise<void> => {
  for (const timer of timers) clearTimeout(timer)
  const until = performance.now() + LAST_MS
  while (clients.some(({ waiting, hasEnded }) => waiting && !hasEnded) && performance.now() < until) await delay(20)
  const said = clients.reduce((sum, client) => sum + client.said, 0)
  say({ is: 'said', said, latenciesMs, ended: clients.filter(({ hasEnded }) => hasEnded).length })
}

process.on('message', (message: ToClients) => {
  switch (message.do) {
    case 'prepare':
      order = message.order
      if (order.memberships) memberships = JSON.parse(readFileSync(order.memberships, 'utf8'))
      return say({ is: 'ready' })
    case 'connect':
      return void connect().catch((fault: unknown) => {
        console.error(messageOf(fault))
        process.exit(1)
      })
    case 'talk':
      return talk()
    case 'rest':
      return void rest()
  }
})
process.on('disconnect', () => process.exit(1))
say({ is: 'up' })
